import { type KeyboardEvent, type PointerEvent, useEffect, useRef, useState } from "react";
import { between, nudged, said } from "./pointing";
import type { Pointing } from "./usePointing";

const DROPS = new Set(["Delete", "Backspace"]);
const LEAVES = new Set(["Enter", "Escape"]);

/** The part of the picture that is meant. While a note is written it is drawn with a pointer, or framed with arrows. */
export function Part({ pointing }: { pointing: Pointing }) {
  const { region, writing, framing, draw, frame } = pointing;
  const area = useRef<HTMLDivElement>(null);
  const box = useRef<HTMLButtonElement>(null);
  const [from, setFrom] = useState<[number, number] | null>(null);
  useEffect(() => {
    if (framing) box.current?.focus();
  }, [framing]);
  const place = (event: PointerEvent): [number, number] => {
    const { left, top, width, height } = (area.current as HTMLDivElement).getBoundingClientRect();
    const share = (value: number) => Math.min(1, Math.max(0, value));
    return [share((event.clientX - left) / width), share((event.clientY - top) / height)];
  };
  const hear = (event: KeyboardEvent) => {
    const moved = region && nudged(region, event.key, event.shiftKey);
    if (moved) draw(moved);
    else if (DROPS.has(event.key) || LEAVES.has(event.key)) {
      if (DROPS.has(event.key)) draw(null);
      frame(false);
    } else return;
    event.preventDefault();
    // The page hears it too, and would leave for the queue.
    event.stopPropagation();
  };
  if (!region && !writing) return null;
  const style = region ? { left: `${region.x * 100}%`, top: `${region.y * 100}%`, width: `${region.width * 100}%`, height: `${region.height * 100}%` } : undefined;
  if (!writing) return <div className="canvas"><i style={style} /></div>;
  return (
    <div
      ref={area}
      className="canvas drawing"
      onPointerDown={(event) => (event.currentTarget.setPointerCapture(event.pointerId), setFrom(place(event)))}
      onPointerMove={(event) => from && draw(between(from, place(event)))}
      onPointerUp={(event) => (from && draw(between(from, place(event))), setFrom(null))}
    >
      {region && (
        <button ref={box} type="button" style={style} onKeyDown={hear} aria-label={`Part of the picture: ${said(region)}. Arrows move it, Shift with arrows sizes it, Enter goes back to the words.`} />
      )}
    </div>
  );
}
