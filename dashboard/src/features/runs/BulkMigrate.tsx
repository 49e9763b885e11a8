import { type BulkOrder, type Run, useBulkPreview } from "@/api/runs";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { plural, words } from "@/components/format";
import { Loaded } from "@/components/States";
import { BulkReport, wouldBe } from "./BulkReport";

interface Props {
  runs: Run[];
  busy: boolean;
  close: () => void;
  order: (wanted: Pick<BulkOrder, "action">) => void;
}

/** What would change for each run if it went by its workflow as it is now; only then it is done. */
export function BulkMigrate({ runs, busy, close, order }: Props) {
  const asked = useBulkPreview({ action: "migrate", ids: runs.map((run) => run.run_id) });
  const count = wouldBe(asked.data?.results);
  return (
    <Dialog open close={close} wide title="Move to the newest workflow" says="Runs that rest go on by their workflow as it is now. What was done is kept.">
      <Loaded asked={asked} rows={3}>
        {(report) => (
          <BulkReport
            results={report.results}
            runs={runs}
            says={({ report: one }) =>
              one?.changes.length ? <ul className="dots sm">{one.changes.map((change) => <li key={change.step}>{words(change.step)} {change.change}: {change.effect}</li>)}</ul> : <p className="sm">No step is another.</p>
            }
          />
        )}
      </Loaded>
      <div className="actions">
        <Button onClick={close}>Leave them</Button>
        <Button tone="go" disabled={!count} busy={busy} onClick={() => order({ action: "migrate" })}>Move {plural(count, "run")}</Button>
      </div>
    </Dialog>
  );
}
