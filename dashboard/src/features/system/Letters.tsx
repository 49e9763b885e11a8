import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { Runs } from "@/api/client";
import { useHandleLetter, useLetters } from "@/api/others";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { plural, words } from "@/components/format";
import { Lamp } from "@/components/Lamp";
import { Empty, Loaded } from "@/components/States";
import { Time } from "@/components/Time";
import { complain, say } from "@/components/toasts";
import { LETTER_STATES } from "@/status/item";

type Letter = Runs["LetterAnswer"];

/** Messages that nobody could handle, and what to do with them. */
export function Letters({ state }: { state: Runs["LetterState"] }) {
  const asked = useLetters(state);
  const [open, setOpen] = useState<Letter | null>(null);
  return (
    <>
      <Loaded asked={{ ...asked, data: asked.data?.pages.flatMap((page) => page.items) }} rows={2}>
        {(letters) =>
          letters.length ? (
            <ul className="list-rows">
              {letters.map((letter) => (
                <li key={letter.id}>
                  <div style={{ minWidth: 0 }}>
                    <button type="button" className="link" onClick={() => setOpen(letter)}>{words(letter.capability ?? letter.subject)}</button>
                    <p className="dim sm">{letter.reason}</p>
                    <p className="faint sm">{letter.service}, {plural(letter.times, "time")}, last <Time at={letter.last_seen} /></p>
                  </div>
                  <Lamp look={LETTER_STATES[letter.state]} />
                </li>
              ))}
              {asked.hasNextPage && <Button onClick={() => void asked.fetchNextPage()}>Older</Button>}
            </ul>
          ) : (
            <p className="dim">{state === "open" ? "None. Every message was handled." : "None."}</p>
          )
        }
      </Loaded>
      {open && <One letter={open} close={() => setOpen(null)} />}
    </>
  );
}

function One({ letter, close }: { letter: Letter; close: () => void }) {
  const [note, setNote] = useState("");
  const handle = useHandleLetter();
  const act = (redrive: boolean) =>
    handle.mutate(redrive ? { id: letter.id, redrive } : { id: letter.id, redrive, note }, { onSuccess: () => (say(redrive ? "Sent once more." : "Resolved."), close()), onError: complain });
  return (
    <Dialog open close={close} wide title={words(letter.capability ?? letter.subject)} says={letter.reason}>
      <dl className="facts">
        <div><dt>Service</dt><dd>{letter.service}</dd></div>
        <div><dt>Kind</dt><dd>{letter.code}</dd></div>
        <div><dt>First</dt><dd><Time at={letter.first_seen} /></dd></div>
        <div><dt>Times</dt><dd>{letter.times}</dd></div>
        {letter.run_id && <div><dt>Run</dt><dd><Link to="/runs/$runId" params={{ runId: letter.run_id }}>Open it</Link></dd></div>}
      </dl>
      {letter.state === "open" ? (
        <>
          <div className="field">
            <label htmlFor="letter-note">Why it needs nothing more</label>
            <input id="letter-note" className="input" value={note} onChange={(event) => setNote(event.target.value)} placeholder="For whoever reads the record later" />
          </div>
          <div className="actions">
            <Button busy={handle.isPending} disabled={!note.trim()} onClick={() => act(false)}>Needs nothing more</Button>
            <Button tone="go" busy={handle.isPending} onClick={() => act(true)}>Send it again</Button>
          </div>
        </>
      ) : <Empty title={LETTER_STATES[letter.state].label}>{letter.handled_by}{letter.note && `: ${letter.note}`}</Empty>}
    </Dialog>
  );
}
