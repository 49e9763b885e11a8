import { type FormEvent, useEffect, useRef, useState } from "react";
import { type ItemDetail, useNotes, useRework, useWriteNote } from "@/api/airlock";
import type { Me } from "@/api/session";
import { Button } from "@/components/Button";
import { clock, plural } from "@/components/format";
import { Loaded, Trouble } from "@/components/States";
import { frameToMs } from "./content";
import { peopleOf } from "./mentions";
import { OneNote } from "./OneNote";
import type { Pointing } from "./usePointing";
import { Writing } from "./Writing";

interface Props {
  detail: ItemDetail;
  me: Me;
  pointing: Pointing;
  fps: number;
}

/** What people have to say about it, each at its place in the film. */
export function Notes({ detail, me, pointing, fps }: Props) {
  const { id } = detail.item;
  const asked = useNotes(id);
  const all = asked.data?.items ?? [];
  const waiting = all.filter((note) => note.state === "open").length;
  const rework = useRework(id, pointing.open && waiting > 0).data;
  const people = peopleOf(detail, all, me.user_id);
  return (
    <section className="notes" aria-label="Notes">
      <div className="section-head">
        <h2>Notes</h2>
        {pointing.open && !pointing.writing && <Button size="small" onClick={pointing.write}>Note {pointing.span && `at ${placed(pointing, fps)}`} <kbd>n</kbd></Button>}
      </div>
      {pointing.writing && <Write item={id} pointing={pointing} fps={fps} people={people} />}
      <Loaded asked={{ ...asked, data: asked.data?.items }} rows={2}>
        {(notes) =>
          notes.length ? <ul>{notes.map((note) => <OneNote key={note.id} item={id} note={note} mine={pointing.open && note.author === me.user_id} people={people} show={pointing.show} />)}</ul> : <p className="dim sm">None yet. {detail.content.video ? "A note names a frame or a range, and only the scene it is in is made again." : "What a note asks for goes with the next request for changes."}</p>
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

/** Where a note points, as a time or from one to another; nothing where it is about all of the item. */
function placed({ span }: Pointing, fps: number): string {
  if (!span) return "";
  const [first, last] = [span.first, span.last].map((frame) => clock(frameToMs(frame, fps)));
  return first === last ? `${first}` : `${first} – ${last}`;
}

function Write({ item, pointing, fps, people }: { item: string; pointing: Pointing; fps: number; people: readonly string[] }) {
  const { span, region, framing, frame, draw, leave } = pointing;
  const write = useWriteNote(item);
  const [text, setText] = useState("");
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    if (!framing) field.current?.focus();
  }, [framing]);
  const send = (event?: FormEvent) => {
    event?.preventDefault();
    if (!text.trim() || write.isPending) return;
    write.mutate({ text: text.trim(), ...(span && { frame: span.first, end_frame: span.last }), ...(span && region && { region }) }, { onSuccess: leave });
  };
  return (
    <form className="write" onSubmit={send}>
      <label htmlFor="note" className="sm dim">
        {span ? `At ${placed(pointing, fps)}${region ? ", inside of the frame you drew" : ". Draw on the picture to name a part of it"}` : "About all of it"}
      </label>
      <Writing id="note" field={field} value={text} change={setText} people={people} send={send} leave={leave} rows={3} placeholder="Say what should be other: without the word 'really', slower, another picture … @ names somebody" />
      {write.isError && <Trouble error={write.error} />}
      <div className="strip" style={{ margin: 0 }}>
        <Button size="small" tone="go" type="submit" disabled={!text.trim()} busy={write.isPending}>Write it</Button>
        {span && <Button size="small" onClick={() => frame(true)}>{region ? "Move the frame" : "Frame a part"}</Button>}
        {region && <Button size="small" tone="quiet" onClick={() => draw(null)}>No frame</Button>}
        <Button size="small" tone="quiet" onClick={leave}>Leave it</Button>
      </div>
    </form>
  );
}
