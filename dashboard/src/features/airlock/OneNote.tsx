import { type FormEvent, useEffect, useRef, useState } from "react";
import { type Note, useEditNote, useReply, useSettleNote } from "@/api/airlock";
import { Button } from "@/components/Button";
import { clock, words } from "@/components/format";
import { Tag } from "@/components/Lamp";
import { Trouble } from "@/components/States";
import { Time } from "@/components/Time";
import { complain } from "@/components/toasts";
import { NOTE_STATES } from "@/status/item";
import { Said, Writing } from "./Writing";

interface Props {
  item: string;
  note: Note;
  /** Whether who looks wrote it, and notes may still be changed. */
  mine: boolean;
  people: readonly string[];
  show: (note: Note) => void;
}

/** A note, what was answered to it, and what became of it. */
export function OneNote({ item, note, mine, people, show }: Props) {
  const [writing, setWriting] = useState<"reply" | "edit" | null>(null);
  const done = () => setWriting(null);
  const span = note.span_now ?? note.span;
  return (
    <li className={note.state === "resolved" || note.state === "withdrawn" ? "resolved" : ""}>
      <div className="note-head">
        {span && (
          <button type="button" className="at num" onClick={() => show(note)}>
            {clock(span.at_ms)}{span.end_frame > span.frame && ` – ${clock(span.end_ms)}`}
          </button>
        )}
        <strong>{note.author}</strong>
        <span className="faint sm"><Time at={note.created_at} />{note.edited_at && ", changed"}</span>
        <span style={{ flex: 1 }} />
        <Tag look={NOTE_STATES[note.state]} />
      </div>
      {writing === "edit" ? <Edit item={item} note={note} people={people} done={done} /> : <p><Said text={note.text} /></p>}
      {note.earlier.length > 0 && (
        <details className="sm dim">
          <summary>What it said before</summary>
          <ul className="replies">{note.earlier.map((text, index) => <li key={index}><Said text={text} /></li>)}</ul>
        </details>
      )}
      <p className="faint sm">
        Concerns {note.stage}{note.stage_is_guess && " (guessed)"}{note.scenes.length > 0 && `, scene ${note.scenes.map((scene) => scene.number).join(", ")}`}{note.region && ", a part of the picture"}{note.path && `, ${words(note.path.slice(1))}`}
      </p>
      {note.answer && <p className="note-line sm">{note.answer}</p>}
      {note.replies.length > 0 && (
        <ul className="replies">
          {note.replies.map((reply) => (
            <li key={reply.id}>
              <strong>{reply.author}</strong> <span className="faint sm"><Time at={reply.created_at} /></span>
              <p><Said text={reply.text} /></p>
            </li>
          ))}
        </ul>
      )}
      {writing === "reply" && <Reply item={item} note={note.id} people={people} done={done} />}
      {writing === null && <Deeds item={item} note={note} mine={mine} write={setWriting} />}
    </li>
  );
}

function Deeds({ item, note, mine, write }: { item: string; note: Note; mine: boolean; write: (what: "reply" | "edit") => void }) {
  const settle = useSettleNote(item);
  const withdrawn = note.state === "withdrawn";
  const resting = note.state !== "requested";
  const over = withdrawn || note.state === "resolved";
  const to = (to: "resolve" | "reopen" | "withdraw") => settle.mutate({ note: note.id, to }, { onError: complain });
  return (
    <div className="strip" style={{ margin: 0 }}>
      <Button size="small" tone="quiet" onClick={() => write("reply")}>Reply</Button>
      {resting && (mine || !withdrawn) && <Button size="small" tone="quiet" busy={settle.isPending} onClick={() => to(over ? "reopen" : "resolve")}>{over ? "Open again" : "Resolve"}</Button>}
      {resting && mine && !withdrawn && (
        <>
          <Button size="small" tone="quiet" onClick={() => write("edit")}>Change</Button>
          <Button size="small" tone="quiet" busy={settle.isPending} onClick={() => to("withdraw")}>Withdraw</Button>
        </>
      )}
    </div>
  );
}

interface WordsProps {
  item: string;
  people: readonly string[];
  done: () => void;
}

function Reply({ note, ...more }: WordsProps & { note: string }) {
  const reply = useReply(more.item, note);
  return <Words id={`reply-${note}`} label="Your reply" verb="Reply" placeholder="Your reply; @ names somebody" tell={reply} {...more} />;
}

function Edit({ note, ...more }: WordsProps & { note: Note }) {
  const edit = useEditNote(more.item, note);
  return <Words id={`edit-${note.id}`} label="Your note" verb="Change it" placeholder="" before={note.text} tell={edit} {...more} />;
}

interface Tell {
  mutate: (text: string, then: { onSuccess: () => void }) => void;
  isPending: boolean;
  isError: boolean;
  error: unknown;
}

function Words({ id, label, verb, placeholder, before = "", tell, people, done }: Omit<WordsProps, "item"> & { id: string; label: string; verb: string; placeholder: string; before?: string; tell: Tell }) {
  const [text, setText] = useState(before);
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => field.current?.focus(), []);
  const idle = !text.trim() || text.trim() === before;
  const send = (event?: FormEvent) => {
    event?.preventDefault();
    if (!idle && !tell.isPending) tell.mutate(text.trim(), { onSuccess: done });
  };
  return (
    <form className="write" onSubmit={send}>
      <label htmlFor={id} className="visually-hidden">{label}</label>
      <Writing id={id} field={field} value={text} change={setText} people={people} send={send} leave={done} rows={2} placeholder={placeholder} />
      {tell.isError && <Trouble error={tell.error} />}
      <div className="strip" style={{ margin: 0 }}>
        <Button size="small" tone="go" type="submit" disabled={idle} busy={tell.isPending}>{verb}</Button>
        <Button size="small" tone="quiet" onClick={done}>Leave it</Button>
      </div>
    </form>
  );
}
