import type { ReactNode } from "react";
import type { Runs } from "@/api/client";
import type { Run } from "@/api/runs";
import { plural } from "@/components/format";
import { briefOf } from "./RunLine";

type Result = Runs["BulkResult"];

export const wouldBe = (results: readonly Result[] | undefined): number => (results ?? []).filter((one) => one.outcome === "would").length;

/** What would become of each run: those that it would be done to first, and why not of the others. */
export const BulkReport = ({ results, runs, says }: { results: readonly Result[]; runs: readonly Run[]; says?: (one: Result) => ReactNode }) => {
  const known = new Map(runs.map((run) => [run.run_id, run]));
  const sorted = [...results].sort((one, other) => Number(other.outcome === "would") - Number(one.outcome === "would"));
  return (
    <div aria-live="polite" style={{ minWidth: 0 }}>
      <p>{wouldBe(results)} of {plural(results.length, "run")}:</p>
      <ul className="bulk-report">
        {sorted.map((one) => {
          const run = known.get(one.run_id);
          return (
            <li key={one.run_id} className={one.outcome === "would" ? "" : "dim"}>
              <strong className="clip" style={{ display: "block" }}>{run ? briefOf(run) : one.run_id}</strong>
              {one.outcome === "would" ? says?.(one) : <p className="sm">{one.outcome === "unchanged" ? "It is so already." : one.detail}</p>}
            </li>
          );
        })}
      </ul>
    </div>
  );
};
