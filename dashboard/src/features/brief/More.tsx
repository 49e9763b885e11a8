import type { Workflow } from "@/api/runs";
import { Choices } from "@/components/Choices";
import { Field } from "./Field";
import { type Given, inputsOf, isShown } from "./inputs";

interface Props {
  workflow: Workflow;
  given: Given;
  wrong: Record<string, string>;
  change: (given: Given) => void;
  privately: "tenant" | "private";
  setPrivately: (value: "tenant" | "private") => void;
  budget: string;
  setBudget: (value: string) => void;
}

/** Everything that has a good default. */
export function More({ workflow, given, wrong, change, privately, setPrivately, budget, setBudget }: Props) {
  const shown = Object.entries(inputsOf(workflow)).filter(([name, input]) => name !== "brief" && isShown(name, input));
  return (
    <details className="more">
      <summary>Length, audience, brand, timeline, where it goes, budget</summary>
      <div className="more-fields">
        {shown.map(([name, input]) => (
          <Field key={name} name={name} input={input} value={given[name]} wrong={wrong[name]} change={(value) => change({ ...given, [name]: value })} />
        ))}
        <div className="field">
          <label htmlFor="budget">Budget in dollars</label>
          <input id="budget" className="input" inputMode="decimal" placeholder="No cap of its own" value={budget} onChange={(event) => setBudget(event.target.value.replace(",", "."))} />
          <span className="hint">No step begins that would go over it.</span>
        </div>
        <div className="field">
          <span className="label">The run is seen by</span>
          <Choices label="The run is seen by" value={privately} onChange={setPrivately} options={[["tenant", "Everybody here"], ["private", "Only me and reviewers"]]} />
        </div>
      </div>
    </details>
  );
}
