import { useState } from "react";
import { type Action, type BulkOrder, type Run, useBulk } from "@/api/runs";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { plural } from "@/components/format";
import { complain, say } from "@/components/toasts";
import { BulkFork } from "./BulkFork";
import { BulkMigrate } from "./BulkMigrate";

const DOES: [Action, string][] = [["pause", "Pause"], ["resume", "Resume"], ["retry", "Retry"], ["cancel", "Cancel"]];

/** What may be done to all chosen runs at once; each answers for itself. */
export function Bulk({ runs, clear }: { runs: Run[]; clear: () => void }) {
  const bulk = useBulk();
  const [asking, setAsking] = useState<"cancel" | "fork" | "migrate" | null>(null);
  const leave = () => setAsking(null);
  const ids = runs.map((run) => run.run_id);
  const order = (wanted: Omit<BulkOrder, "ids"> & { key?: string }) =>
    bulk.mutate(
      { ids, ...wanted },
      {
        onSuccess: (answer) => {
          const counts = answer.counts as Record<string, number>;
          const done = { fork: "forked", migrate: "moved" }[wanted.action as string] ?? "changed";
          say(`${plural(counts.changed ?? 0, "run")} ${done}${counts.refused ? `, ${counts.refused} refused` : ""}${counts.unchanged ? `, ${counts.unchanged} as they were` : ""}.`, counts.refused ? "wait" : "go");
          clear();
        },
        onError: complain,
        onSettled: leave,
      },
    );
  return (
    <div className="bulk" role="toolbar" aria-label="For all chosen runs">
      <strong>{plural(runs.length, "run")}</strong>
      {DOES.map(([action, label]) => (
        <Button key={action} size="small" tone={action === "cancel" ? "stop" : undefined} busy={bulk.isPending} onClick={() => (action === "cancel" ? setAsking(action) : order({ action }))}>
          {label}
        </Button>
      ))}
      <Button size="small" busy={bulk.isPending} onClick={() => setAsking("fork")}>Fork …</Button>
      <Button size="small" busy={bulk.isPending} onClick={() => setAsking("migrate")}>Move to the newest workflow …</Button>
      <span style={{ flex: 1 }} />
      <Button size="small" tone="quiet" onClick={clear}>Choose none</Button>
      <Dialog open={asking === "cancel"} close={leave} title={`Cancel ${plural(runs.length, "run")}?`} says="Agents stop, and what was made is kept. A cancelled run cannot be resumed, only forked.">
        <div className="actions">
          <Button onClick={leave}>Keep them</Button>
          <Button tone="stop" busy={bulk.isPending} onClick={() => order({ action: "cancel" })}>Cancel {plural(runs.length, "run")}</Button>
        </div>
      </Dialog>
      {asking === "fork" && <BulkFork runs={runs} busy={bulk.isPending} close={leave} order={order} />}
      {asking === "migrate" && <BulkMigrate runs={runs} busy={bulk.isPending} close={leave} order={order} />}
    </div>
  );
}
