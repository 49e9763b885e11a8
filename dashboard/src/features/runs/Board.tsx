import { Link } from "@tanstack/react-router";
import { memo } from "react";
import type { Run, RunState } from "@/api/runs";
import { Button } from "@/components/Button";
import { Lamp } from "@/components/Lamp";
import { Time } from "@/components/Time";
import { runLook } from "@/status/run";
import { briefOf } from "./RunLine";

const LANES: [string, string, RunState[]][] = [
  ["Queued", "idle", ["pending", "paused"]],
  ["Running", "work", ["running"]],
  ["Waiting", "wait", ["waiting"]],
  ["Stopped", "stop", ["failed", "rejected", "cancelled"]],
  ["Completed", "go", ["completed"]],
];

/** The same runs by where they stand; they move by themselves. */
export const Board = ({ runs, more }: { runs: Run[]; more?: () => void }) => (
  <>
    <div className="board" tabIndex={0} role="group" aria-label="Runs by state">
      {LANES.map(([name, tone, states]) => {
        const own = runs.filter((run) => states.includes(run.state as RunState));
        return (
          <section key={name} className={`${tone}-tone`}>
            <h2>{name}<span className="faint num">{own.length}</span></h2>
            <ul>
              {own.map((run) => <Card key={run.run_id} run={run} />)}
            </ul>
          </section>
        );
      })}
    </div>
    {more && <Button onClick={more}>Older runs</Button>}
  </>
);

const Card = memo(({ run }: { run: Run }) => (
  <li>
    <Link to="/runs/$runId" params={{ runId: run.run_id }}>
      <span className="two">{briefOf(run)}</span>
      <span className="sm dim" style={{ display: "flex", justifyContent: "space-between", gap: "0.75rem" }}>
        <Lamp look={runLook(run)} />
        <Time at={run.updated_at} />
      </span>
    </Link>
  </li>
));
