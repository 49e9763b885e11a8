import type { Workflow } from "@/api/runs";
import { Choices } from "@/components/Choices";
import { text, title } from "@/components/format";
import { type Given, inputsOf, isPlain } from "./inputs";

interface Props {
  workflow: Workflow;
  given: Given;
  change: (given: Given) => void;
  privately: "tenant" | "private";
  setPrivately: (value: "tenant" | "private") => void;
  budget: string;
  setBudget: (value: string) => void;
}

const SAYS: Record<string, string> = {
  target_seconds: "Seconds. The film comes out near this; sentences are not cut short.",
  platforms: "Where it goes out, with commas between.",
  visibility: "Who sees the post: public, unlisted or private.",
  language: "Such as de or pt-BR; empty for that of the brief.",
  genre: "A word or two; empty for the one that fits.",
  minutes: "How long the film is meant to be.",
  model: "Who writes, by name; empty for the studio's choice.",
  account: "Whose account; empty for the platform's default.",
};

/** Everything that has a good default. */
export function More({ workflow, given, change, privately, setPrivately, budget, setBudget }: Props) {
  const plain = Object.entries(inputsOf(workflow)).filter(([name, input]) => name !== "brief" && isPlain(input));
  return (
    <details className="more">
      <summary>Length, platforms, who sees it, budget</summary>
      <div className="more-fields">
        {plain.map(([name, input]) => (
          <div className="field" key={name}>
            <label htmlFor={`in-${name}`}>{title(name)}</label>
            {name === "visibility" ? (
              <select id={`in-${name}`} className="input" value={String(given[name])} onChange={(event) => change({ ...given, [name]: event.target.value })}>
                {["public", "unlisted", "private"].map((one) => <option key={one}>{one}</option>)}
              </select>
            ) : (
              <input
                id={`in-${name}`}
                className="input"
                inputMode={input.type === "int" ? "numeric" : undefined}
                value={Array.isArray(given[name]) ? (given[name] as string[]).join(", ") : text(given[name])}
                onChange={(event) => change({ ...given, [name]: event.target.value })}
              />
            )}
            {SAYS[name] && <span className="hint">{SAYS[name]}</span>}
          </div>
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
