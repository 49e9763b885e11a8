import { type FormEvent, useEffect, useRef, useState } from "react";
import { type Note, useReply, useResolveNote } from "@/api/airlock";
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
  people: readonly string[];
  show: (note: Note) => void;
}

/** A note, what was answered to it, and what became of it. */
export function OneNote({ item, note, people, show }: Props) {
  const resolve = useResolveNote(item);
  const [replying, setReplying] = useState(false);
  const span = note.span_now ?? note.span;
  const resolved = note.state === "resolved";
  return (
    <li className={resolved ? "resolved" : ""}>
      <div className="note-head">
        {span && (
          <button type="button" className="at num" onClick={() => show(note)}>
            {clock(span.at_ms)}{span.end_frame > span.frame && ` – ${clock(span.end_ms)}`}
          </button>
        )}
        <strong>{note.author}</strong>
        <span className="faint sm"><Time at={note.created_at} /></span>
        <span style={{ flex: 1 }} />
        <Tag look={NOTE_STATES[note.state]} />
      </div>
      <p><Said text={note.text} /></p>
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
      {replying ? <Reply item={item} note={note.id} people={people} done={() => setReplying(false)} /> : (
        <div className="strip" style={{ margin: 0 }}>
          <Button size="small" tone="quiet" onClick={() => setReplying(true)}>Reply</Button>
          {note.state !== "requested" && (
            <Button size="small" tone="quiet" busy={resolve.isPending} onClick={() => resolve.mutate({ note: note.id, reopen: resolved }, { onError: complain })}>
              {resolved ? "Open again" : "Resolve"}
            </Button>
          )}
        </div>
      )}
    </li>
  );
}

function Reply({ item, note, people, done }: { item: string; note: string; people: readonly string[]; done: () => void }) {
  const reply = useReply(item, note);
  const [text, setText] = useState("");
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => field.current?.focus(), []);
  const send = (event?: FormEvent) => {
    event?.preventDefault();
    if (text.trim() && !reply.isPending) reply.mutate(text.trim(), { onSuccess: done });
  };
  const id = `reply-${note}`;
  return (
    <form className="write" onSubmit={send}>
      <label htmlFor={id} className="visually-hidden">Your reply</label>
      <Writing id={id} field={field} value={text} change={setText} people={people} send={send} leave={done} rows={2} placeholder="Your reply; @ names somebody" />
      {reply.isError && <Trouble error={reply.error} />}
      <div className="strip" style={{ margin: 0 }}>
        <Button size="small" tone="go" type="submit" disabled={!text.trim()} busy={reply.isPending}>Reply</Button>
        <Button size="small" tone="quiet" onClick={done}>Leave it</Button>
      </div>
    </form>
  );
}
