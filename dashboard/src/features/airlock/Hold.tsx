import { useState } from "react";
import { type Item, useHold } from "@/api/airlock";
import { holds, type Me } from "@/api/session";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { Trouble } from "@/components/States";
import { complain, say } from "@/components/toasts";

const HOLDABLE: readonly Item["status"][] = ["open", "approved", "release_failed"];

/** Keep one item in, whatever was decided, until somebody lets it go. It wins against a release that has not begun. */
export function Hold({ item, me }: { item: Item; me: Me }) {
  const hold = useHold(item.id);
  const [asking, setAsking] = useState(false);
  const [reason, setReason] = useState("");
  if (item.hold) {
    if (!holds(me, "reviewer", "publisher", "compliance_officer", "operator")) return null;
    return <Button tone="go" busy={hold.isPending} onClick={() => hold.mutate(null, { onSuccess: () => say("It may go out again.", "go"), onError: complain })}>Let it go</Button>;
  }
  if (!HOLDABLE.includes(item.status)) return null;
  const send = () => hold.mutate(reason.trim(), { onSuccess: () => (setAsking(false), setReason(""), say("Held: it does not go out.", "stop")) });
  return (
    <>
      <Button onClick={() => (hold.reset(), setAsking(true))}>Hold …</Button>
      <Dialog open={asking} close={() => setAsking(false)} title="Hold this item?" says="It does not go out, also when it is approved, until somebody lets it go. What has begun to go out is told as that.">
        <div className="field">
          <label htmlFor="hold-reason">Why</label>
          <input id="hold-reason" className="input" maxLength={2000} value={reason} onChange={(event) => setReason(event.target.value)} placeholder="Everybody sees it" />
        </div>
        {hold.isError && <Trouble error={hold.error} />}
        <div className="actions">
          <Button onClick={() => setAsking(false)}>Leave it</Button>
          <Button tone="stop" disabled={!reason.trim()} busy={hold.isPending} onClick={send}>Hold it</Button>
        </div>
      </Dialog>
    </>
  );
}
