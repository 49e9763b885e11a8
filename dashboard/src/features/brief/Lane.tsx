import { words } from "@/components/format";

/** A workflow as a line of stations: gates are where people decide. */
export const Lane = ({ steps }: { steps: string[] }) => (
  <ol className="lane" aria-label="Steps">
    {steps
      .filter((step) => !step.includes("."))
      .map((step) => (
        <li key={step} className={/approval|gate|review/.test(step) ? "gate" : ""}>
          <span>{words(step)}</span>
        </li>
      ))}
  </ol>
);
