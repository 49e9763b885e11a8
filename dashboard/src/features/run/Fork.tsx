import { useMemo, useState } from "react";
import { type Run, type Step, useFork } from "@/api/runs";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { words } from "@/components/format";
import { Trouble } from "@/components/States";
import { changed, mergePatch } from "./patch";

/** Another run from a step of this one, with other input: everything before the step is taken over as it is. */
export function Fork({ run, steps, close, forked }: { run: Run; steps: Step[]; close: () => void; forked: (id: string) => void }) {
  const ran = steps.filter((step) => step.state !== "idle");
  const [from, setFrom] = useState(ran[0]?.id ?? "");
  const before = useMemo(() => JSON.stringify(run.input, null, 2), [run.input]);
  const [text, setText] = useState(before);
  const fork = useFork(run.run_id);
  let input: unknown = null;
  let wrong = "";
  try {
    input = JSON.parse(text);
    if (typeof input !== "object" || input === null || Array.isArray(input)) wrong = "The input is an object.";
  } catch (error) {
    wrong = error instanceof Error ? error.message : "This is no JSON.";
  }
  const differs = wrong ? [] : changed(run.input, input as Record<string, unknown>);
  const send = () =>
    fork.mutate(
      { from_step: from, definition: "same", ...(differs.length ? { input: mergePatch(run.input, input as Record<string, unknown>) } : {}) },
      { onSuccess: (answer) => (close(), forked(answer.run_id)) },
    );
  return (
    <Dialog open close={close} wide title="Fork this run" says="A new run takes over everything before the step, and does the rest again.">
      <div className="field">
        <label htmlFor="fork-from">From</label>
        <select id="fork-from" className="input" value={from} onChange={(event) => setFrom(event.target.value)}>
          {ran.map((step) => <option key={step.id} value={step.id}>{words(step.id)}</option>)}
        </select>
      </div>
      <div className="field">
        <label htmlFor="fork-input">Input</label>
        <textarea id="fork-input" className="input mono" rows={10} spellCheck={false} value={text} aria-invalid={!!wrong} onChange={(event) => setText(event.target.value)} />
        {wrong && <span className="wrong">{wrong}</span>}
      </div>
      {differs.length > 0 && (
        <table className="table sm" aria-label="What is other">
          <tbody>
            {differs.map((one) => (
              <tr key={one.name}>
                <th scope="row">{words(one.name)}</th>
                <td className="wide clip stop-tone" style={{ color: "var(--lamp)" }}><del>{one.before}</del></td>
                <td className="wide clip go-tone" style={{ color: "var(--lamp)" }}>{one.after}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {fork.isError && <Trouble error={fork.error} />}
      <div className="actions">
        <Button onClick={close}>Leave it</Button>
        <Button tone="go" disabled={!!wrong || !from} busy={fork.isPending} onClick={send}>Fork from {words(from)}</Button>
      </div>
    </Dialog>
  );
}
