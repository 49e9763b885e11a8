import { useState } from "react";
import { type Run, type Step, useFork, useOrders } from "@/api/runs";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { words } from "@/components/format";
import { Trouble } from "@/components/States";
import { Edited } from "./Edited";
import { mergePatch, replaced } from "./patch";

type Members = Record<string, unknown>;

/** Another run from a step of this one: with another input of the run, or with that step given something else this once. */
export function Fork({ run, steps, close, forked }: { run: Run; steps: Step[]; close: () => void; forked: (id: string) => void }) {
  const ran = steps.filter((step) => step.state !== "idle");
  const [from, setFrom] = useState(ran[0]?.id ?? "");
  const [input, setInput] = useState<Members | null>(run.input);
  const [given, setGiven] = useState<Members | null | undefined>();
  const orders = useOrders(run.run_id, from, from ? 1 : 0);
  // While another step's are asked for, the last one's are still there.
  const own = orders.isPlaceholderData ? undefined : orders.data?.findLast((one) => one.place === null)?.input;
  const fork = useFork(run.run_id);
  const choose = (step: string) => {
    setFrom(step);
    setGiven(undefined);
  };
  const send = () => {
    if (!input || given === null) return;
    const patch = mergePatch(run.input, input);
    const edits = own && given ? replaced(own, given) : {};
    fork.mutate(
      { from_step: from, definition: "same", ...(Object.keys(patch).length ? { input: patch } : {}), ...(Object.keys(edits).length ? { with: edits } : {}) },
      { onSuccess: (answer) => (close(), forked(answer.run_id)) },
    );
  };
  return (
    <Dialog open close={close} wide title="Fork this run" says="A new run takes over everything before the step, and does the rest again.">
      <div className="field">
        <label htmlFor="fork-from">From</label>
        <select id="fork-from" className="input" value={from} onChange={(event) => choose(event.target.value)}>
          {ran.map((step) => <option key={step.id} value={step.id}>{words(step.id)}</option>)}
        </select>
      </div>
      {own && <Edited key={from} id="fork-given" label={`What ${words(from)} is given`} says="This once: members that are other replace what the step would be given. One that is taken out is given as before." before={own} change={setGiven} />}
      <Edited id="fork-input" label="Input of the run" says="For every step that reads it, from this one on." before={run.input} change={setInput} />
      {fork.isError && <Trouble error={fork.error} />}
      <div className="actions">
        <Button onClick={close}>Leave it</Button>
        <Button tone="go" disabled={!input || given === null || !from} busy={fork.isPending} onClick={send}>Fork from {words(from)}</Button>
      </div>
    </Dialog>
  );
}
