import { useState } from "react";
import { useKill, useSetKill } from "@/api/airlock";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { plural } from "@/components/format";
import { Loaded, Trouble } from "@/components/States";
import { Time } from "@/components/Time";

/** One switch that keeps everything of this tenant in. */
export function StopSwitch({ mayStop, mayRelease }: { mayStop: boolean; mayRelease: boolean }) {
  const asked = useKill();
  const change = useSetKill();
  const [asking, setAsking] = useState(false);
  const [reason, setReason] = useState("");
  return (
    <Loaded asked={asked} rows={1}>
      {(kill) => (
        <>
          <p>
            {kill.stopped ? <><strong className="stop-tone" style={{ color: "var(--lamp)" }}>Stopped</strong> by {kill.by} <Time at={kill.at} />: {kill.reason}.</> : "Approved films go out."}
            {kill.in_flight.length > 0 && ` ${plural(kill.in_flight.length, "release")} had begun before.`}
          </p>
          {change.isError && <Trouble error={change.error} />}
          <div className="strip" style={{ marginTop: "0.75rem" }}>
            {!kill.stopped && mayStop && <Button tone="stop" onClick={() => setAsking(true)}>Stop all publishing</Button>}
            {kill.stopped && !kill.everywhere && mayRelease && <Button tone="go" busy={change.isPending} onClick={() => change.mutate(null)}>Let publishing go on</Button>}
          </div>
          <Dialog open={asking} close={() => setAsking(false)} title="Stop all publishing?" says="Nothing begins to go out from the moment this is answered. What waits is kept and goes on by itself later.">
            <div className="field">
              <label htmlFor="stop-reason">Why</label>
              <input id="stop-reason" className="input" value={reason} onChange={(event) => setReason(event.target.value)} placeholder="Everybody sees it" />
            </div>
            <div className="actions">
              <Button onClick={() => setAsking(false)}>Leave it on</Button>
              <Button tone="stop" disabled={!reason.trim()} busy={change.isPending} onClick={() => change.mutate(reason.trim(), { onSuccess: () => setAsking(false) })}>Stop all publishing</Button>
            </div>
          </Dialog>
        </>
      )}
    </Loaded>
  );
}
