import type { Step } from "@/api/runs";
import { plural, words } from "@/components/format";
import { stepLook } from "@/status/step";
import type { Station } from "./layout";

const PAST: Record<Station, string> = { idle: "idle", work: "work", gate: "wait", done: "go", failed: "stop" };

/** The run's steps as a line of stations, now or, while the scrubber is moved, as they were. */
export const Stations = ({ steps, chosen, choose, past }: { steps: Step[]; chosen: string | null; choose: (id: string) => void; past: Map<string, Station> | null }) => (
  <ol className="stations" aria-label={past ? "Steps as they were" : "Steps"}>
    {steps.map((step) => {
      const look = stepLook(step.state);
      const tone = past ? PAST[past.get(step.id) ?? "idle"] : look.tone;
      const parts = step.children as unknown[] | null;
      return (
        <li key={step.id} className={`${tone}-tone ${tone}`}>
          <button type="button" aria-pressed={step.id === chosen} onClick={() => choose(step.id)} title={past ? undefined : look.says}>
            <span className="name">{words(step.id)}</span>
            <span className="sm faint">
              {past ? "" : look.label}
              {!past && step.visit > 1 && `, time ${step.visit}`}
              {!past && parts?.length ? `, ${plural(parts.length, "part")}` : ""}
            </span>
          </button>
        </li>
      );
    })}
  </ol>
);
