import { useState } from "react";
import { type BulkOrder, type Run, useBulkPreview, useOnceKey, useWorkflows } from "@/api/runs";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { plural, words } from "@/components/format";
import { Loaded } from "@/components/States";
import { BulkReport, wouldBe } from "./BulkReport";

interface Props {
  runs: Run[];
  busy: boolean;
  close: () => void;
  order: (wanted: Omit<BulkOrder, "ids"> & { key: string }) => void;
}

/** Another run from the same step of each; which of them can be forked there is shown first. */
export function BulkFork({ runs, busy, close, order }: Props) {
  const steps = useSteps(runs);
  const [chosen, setChosen] = useState("");
  const [current, setCurrent] = useState(false);
  const from = chosen || steps[0] || "";
  const fork = { from_step: from, definition: current ? "current" : "same" } as const;
  const ids = from ? runs.map((run) => run.run_id) : [];
  const asked = useBulkPreview({ action: "fork", ids, fork });
  const count = wouldBe(asked.data?.results);
  const keyOf = useOnceKey();
  return (
    <Dialog open close={close} wide title={`Fork ${plural(runs.length, "run")}`} says="Each new run takes over everything before the step, and does the rest again.">
      <div className="field">
        <label htmlFor="bulk-from">From</label>
        <select id="bulk-from" className="input" value={from} onChange={(event) => setChosen(event.target.value)}>
          {steps.map((step) => <option key={step} value={step}>{words(step)}</option>)}
        </select>
      </div>
      <label className="tick"><input type="checkbox" className="check" checked={current} onChange={() => setCurrent(!current)} /> Go by the workflow as it is now</label>
      {from ? <Loaded asked={asked} rows={3}>{(report) => <BulkReport results={report.results} runs={runs} />}</Loaded> : <p className="dim">These runs have no step in common.</p>}
      <div className="actions">
        <Button onClick={close}>Leave it</Button>
        <Button tone="go" disabled={!count} busy={busy} onClick={() => order({ action: "fork", fork, key: keyOf(from, current, ids.join()) })}>Fork {plural(count, "run")}</Button>
      </div>
    </Dialog>
  );
}

/** The outermost steps that the workflows of all these runs have. */
function useSteps(runs: Run[]): string[] {
  const workflows = useWorkflows().data ?? [];
  const own = [...new Set(runs.map((run) => run.workflow))].map((name) => workflows.find((one) => one.name === name));
  const [first, ...others] = own.map((one) => (one?.outline ?? []).filter((step) => step.parent === null && !step.id.includes(".")).map((step) => step.id));
  return (first ?? []).filter((step) => others.every((steps) => steps.includes(step)));
}
