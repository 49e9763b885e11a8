import { type FormEvent, useState } from "react";
import { useEndStandIn, useStandIn, useStandIns } from "@/api/others";
import type { Me } from "@/api/session";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { Trouble } from "@/components/States";
import { Time, useNow } from "@/components/Time";
import { complain, say } from "@/components/toasts";

const DAY = 86_400_000;
const AT_MOST_DAYS = 90;

/** Who decides where a review names me while I am away. Who has nobody has only a button. */
export function Away({ me }: { me: Me }) {
  const standIn = useStandIns().data?.find((one) => one.user_id === me.user_id);
  const end = useEndStandIn();
  const [open, setOpen] = useState(false);
  return (
    <>
      {standIn && (
        <p>
          <strong>{standIn.stand_in}</strong> decides in your place until <Time at={standIn.until} />.{" "}
          <Button size="small" busy={end.isPending} onClick={() => end.mutate(undefined, { onSuccess: () => say("You decide for yourself again."), onError: complain })}>I am back</Button>
        </p>
      )}
      <Button onClick={() => setOpen(true)}>{standIn ? "Somebody else …" : "While I am away …"}</Button>
      {open && <Appoint close={() => setOpen(false)} />}
    </>
  );
}

function Appoint({ close }: { close: () => void }) {
  const appoint = useStandIn();
  const now = useNow();
  const [whom, setWhom] = useState("");
  const [until, setUntil] = useState(() => localTime(Date.now() + 7 * DAY));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    appoint.mutate({ stand_in: whom, until: new Date(until).toISOString() }, { onSuccess: close });
  };
  return (
    <Dialog open close={close} title="While you are away" says="Where a review names you, somebody else says in your place what you would say. The record names you both.">
      <form onSubmit={submit} style={{ display: "grid", gap: "1rem" }}>
        <div className="field">
          <label htmlFor="stand-in">Who decides in your place</label>
          <input id="stand-in" className="input" required maxLength={200} value={whom} onChange={(event) => setWhom(event.target.value)} />
          <span className="hint">The name they sign in with. They need no role; at their own films they decide for nobody.</span>
        </div>
        <div className="field">
          <label htmlFor="stand-in-until">Until</label>
          <input id="stand-in-until" className="input" type="datetime-local" required min={localTime(now)} max={localTime(now + AT_MOST_DAYS * DAY)} value={until} onChange={(event) => setUntil(event.target.value)} />
          <span className="hint">At most {AT_MOST_DAYS} days.</span>
        </div>
        {appoint.isError && <Trouble error={appoint.error} />}
        <div className="actions">
          <Button onClick={close}>Leave it</Button>
          <Button tone="go" type="submit" disabled={!whom} busy={appoint.isPending}>Let them decide</Button>
        </div>
      </form>
    </Dialog>
  );
}

/** A moment as the browser's own field for local times writes it, to the minute. */
function localTime(at: number): string {
  const moment = new Date(at);
  return new Date(at - moment.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
