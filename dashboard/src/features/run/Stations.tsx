import type { Step } from "@/api/runs";
import { plural } from "@/components/format";
import { stepLook } from "@/status/step";
import type { Tone } from "@/status/tone";
import { Graph } from "../steps/Graph";
import type { Outline } from "../steps/graph";
import type { Station } from "./layout";
import type { Doing } from "./step";

const PAST: Record<Station, Tone> = { idle: "idle", work: "work", gate: "wait", done: "go", failed: "stop" };

interface Props {
  steps: Step[];
  outline: Outline[];
  doing: ReadonlyMap<string, Doing>;
  chosen: string | null;
  choose: (id: string) => void;
  past: Map<string, Station> | null;
}

/** The run's steps as a graph of stations, now or, while the scrubber is moved, as they were. */
export function Stations({ steps, outline, doing, chosen, choose, past }: Props) {
  const states = new Map(steps.map((step) => [step.id, step]));
  const look = (id: string) => stepLook(states.get(id)?.state ?? "idle");
  return (
    <Graph
      outline={outline}
      label={past ? "Steps as they were" : "Steps"}
      tone={(id) => (past ? PAST[past.get(id) ?? "idle"] : look(id).tone)}
      hint={(id) => (past ? undefined : look(id).says)}
      says={({ step }) => !past && <Below step={states.get(step.id)} doing={doing.get(step.id)} />}
      chosen={chosen}
      choose={choose}
    />
  );
}

function Below({ step, doing }: { step: Step | undefined; doing: Doing | undefined }) {
  const look = stepLook(step?.state ?? "idle");
  const parts = step?.children?.length ?? 0;
  return (
    <>
      {look.label}
      {doing?.done != null && look.tone === "work" && `, ${Math.round(doing.done * 100)} %`}
      {step && step.visit > 1 && `, time ${step.visit}`}
      {parts > 0 && `, ${plural(parts, "part")}`}
    </>
  );
}
