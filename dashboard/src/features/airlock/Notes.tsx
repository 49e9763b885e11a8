import { type FormEvent, useEffect, useRef, useState } from "react";
import { type Note, useNotes, useResolveNote, useRework, useWriteNote } from "@/api/airlock";
import type { Airlock } from "@/api/client";
import { Button } from "@/components/Button";
import { clock, plural, words } from "@/components/format";
import { Tag } from "@/components/Lamp";
import { Loaded, Trouble } from "@/components/States";
import { Time } from "@/components/Time";
import { complain } from "@/components/toasts";
import { NOTE_STATES } from "@/status/item";

interface Props {
  item: string;
  open: boolean;
  writing: boolean;
  setWriting: (now: boolean) => void;
  atMs: number | null;
  region: Airlock["Region"] | null;
  setRegion: (region: Airlock["Region"] | null) => void;
  show: (note: Note) => void;
}

/** What people have to say about it, each at its place in the film. */
export function Notes({ item, open, writing, setWriting, atMs, region, setRegion, show }: Props) {
  const asked = useNotes(item);
  const waiting = (asked.data?.items ?? []).filter((note) => note.state === "open").length;
  const rework = useRework(item, open && waiting > 0).data;
  return (
    <section className="notes" aria-label="Notes">
      <div className="section-head">
        <h2>Notes</h2>
        {open && !writing && <Button size="small" onClick={() => setWriting(true)}>Note {atMs !== null && `at ${clock(atMs)}`} <kbd>n</kbd></Button>}
      </div>
      {writing && <Write item={item} atMs={atMs} region={region} done={() => (setWriting(false), setRegion(null))} />}
      <Loaded asked={{ ...asked, data: asked.data?.items }} rows={2}>
        {(notes) =>
          notes.length ? <ul>{notes.map((note) => <One key={note.id} item={item} note={note} show={show} />)}</ul> : <p className="dim sm">None yet. A note names a frame, and only the scene it is in is made again.</p>
        }
      </Loaded>
      {rework && !rework.whole && (
        <p className="note-line work-tone sm">
          Asking for changes now would do {plural(rework.orders.length, "thing")} again and keep {plural(rework.kept_scenes, "scene")} byte for byte.
        </p>
      )}
    </section>
  );
}

function One({ item, note, show }: { item: string; note: Note; show: (note: Note) => void }) {
  const resolve = useResolveNote(item);
  const span = note.span_now ?? note.span;
  const resolved = note.state === "resolved";
  return (
    <li className={resolved ? "resolved" : ""}>
      <div className="note-head">
        {span && <button type="button" className="at num" onClick={() => show(note)}>{clock(span.at_ms)}</button>}
        <strong>{note.author}</strong>
        <span className="faint sm"><Time at={note.created_at} /></span>
        <span style={{ flex: 1 }} />
        <Tag look={NOTE_STATES[note.state]} />
      </div>
      <p>{note.text}</p>
      <p className="faint sm">
        Concerns {note.stage}{note.stage_is_guess && " (guessed)"}{note.scenes.length > 0 && `, scene ${note.scenes.map((scene) => scene.number).join(", ")}`}{note.path && `, ${words(note.path.slice(1))}`}
      </p>
      {note.answer && <p className="note-line sm">{note.answer}</p>}
      {note.replies.map((reply) => <p key={reply.id} className="sm"><strong>{reply.author}</strong> {reply.text}</p>)}
      {note.state !== "requested" && (
        <Button size="small" tone="quiet" busy={resolve.isPending} onClick={() => resolve.mutate({ note: note.id, reopen: resolved }, { onError: complain })}>
          {resolved ? "Open again" : "Resolve"}
        </Button>
      )}
    </li>
  );
}

function Write({ item, atMs, region, done }: { item: string; atMs: number | null; region: Airlock["Region"] | null; done: () => void }) {
  const write = useWriteNote(item);
  const [text, setText] = useState("");
  const [at] = useState(atMs);
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => field.current?.focus(), []);
  const send = (event?: FormEvent) => {
    event?.preventDefault();
    if (text.trim()) write.mutate({ text: text.trim(), ...(at !== null ? { at_ms: at } : {}), ...(region ? { region } : {}) }, { onSuccess: done });
  };
  return (
    <form className="write" onSubmit={send}>
      <label htmlFor="note" className="sm dim">
        {at !== null ? <>At {clock(at)}{region ? ", inside of the frame you drew" : ". Draw on the picture to name a part of it"}</> : "About all of it"}
      </label>
      <textarea
        id="note"
        ref={field}
        className="input"
        rows={3}
        value={text}
        placeholder="Say what should be other: without the word 'really', slower, another picture …"
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Escape") done();
          if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) send();
        }}
      />
      {write.isError && <Trouble error={write.error} />}
      <div className="strip" style={{ margin: 0 }}>
        <Button size="small" tone="go" type="submit" disabled={!text.trim()} busy={write.isPending}>Write it</Button>
        <Button size="small" tone="quiet" onClick={done}>Leave it</Button>
      </div>
    </form>
  );
}
