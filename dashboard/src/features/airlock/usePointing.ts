import { useCallback, useState } from "react";
import type { Note } from "@/api/airlock";
import { useKeys } from "@/shell/useKeys";
import { begun, ended, MIDDLE, type Region, type Span } from "./pointing";
import type { Playing } from "./useFilm";

export interface Pointing {
  /** Notes may be written. */
  open: boolean;
  writing: boolean;
  span: Span | null;
  region: Region | null;
  /** The part of the picture has the focus, and arrows move it. */
  framing: boolean;
  begin: () => void;
  end: () => void;
  write: () => void;
  draw: (region: Region | null) => void;
  frame: (now: boolean) => void;
  /** Nothing is pointed to, and nothing is written. */
  leave: () => void;
  /** Go to where a note points. */
  show: (note: Note) => void;
}

/** What the note that is being written points to, or the one that is looked at. Without a film it is about all of the item. */
export function usePointing(playing: Playing | null, { open }: { open: boolean }): Pointing {
  const [writing, setWriting] = useState(false);
  const [span, setSpan] = useState<Span | null>(null);
  const [region, setRegion] = useState<Region | null>(null);
  const [framing, setFraming] = useState(false);
  const [shown, setShown] = useState<{ span: Span; region: Region } | null>(null);
  const { frame = 0, seek } = playing ?? {};
  const begin = useCallback(() => setSpan((now) => begun(now, frame)), [frame]);
  const end = useCallback(() => setSpan((now) => ended(now, frame)), [frame]);
  const write = useCallback(() => {
    // The picture stands still at what is written about.
    seek?.(frame);
    if (seek) setSpan((now) => now ?? { first: frame, last: frame });
    setWriting(true);
  }, [seek, frame]);
  useKeys(
    useCallback(
      (event) => {
        if (event.key === "n") return write(), true;
        if (seek && event.key === "i") return begin(), true;
        if (seek && event.key === "o") return end(), true;
        return false;
      },
      [write, begin, end, seek],
    ),
    open,
  );
  const leave = () => {
    setWriting(false);
    setSpan(null);
    setRegion(null);
    setFraming(false);
  };
  const show = (note: Note) => {
    const at = note.span_now ?? note.span;
    if (!at) return;
    seek?.(at.frame);
    setShown(note.region && { span: { first: at.frame, last: at.end_frame }, region: note.region });
  };
  const hint = shown && frame >= shown.span.first && frame <= shown.span.last ? shown.region : null;
  return {
    open,
    writing,
    span,
    region: writing ? region : hint,
    framing,
    begin,
    end,
    write,
    draw: setRegion,
    frame: (now) => {
      if (now) setRegion(region ?? MIDDLE);
      setFraming(now);
    },
    leave,
    show,
  };
}
