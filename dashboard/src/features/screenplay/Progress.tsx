import type { Happening } from "@/api/live";
import type { Step } from "@/api/runs";
import { title, words } from "@/components/format";
import { Lamp } from "@/components/Lamp";
import { Time } from "@/components/Time";
import { stepLook } from "@/status/step";

const SAYS: Record<string, string> = {
  screenplay: "Three acts, scene by scene",
  characters: "Who they are, and what becomes of them",
  screenplay_approval: "Somebody reads it, and decides",
  files: "What was approved, as files",
};

/** How far it is, by what has happened to its run; nothing here moves by itself. */
export const Progress = ({ steps, newest }: { steps: Step[]; newest: Happening | undefined }) => (
  <section aria-label="Progress" className="writing" aria-live="polite">
    <ol>
      {steps.map((step) => (
        <li key={step.id}>
          <div>
            <strong>{title(step.id)}</strong>
            {SAYS[step.id] && <span className="dim sm">{SAYS[step.id]}{step.visit > 1 && `, time ${step.visit}`}</span>}
          </div>
          <Lamp look={stepLook(step.state)} />
        </li>
      ))}
    </ol>
    {newest && <p className="faint sm">Last: {words(newest.type)}, <Time at={newest.at} /></p>}
  </section>
);
