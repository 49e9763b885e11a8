import { Link } from "@tanstack/react-router";
import type { Run } from "@/api/runs";
import { words } from "@/components/format";
import { Lamp, Tag } from "@/components/Lamp";
import { Time } from "@/components/Time";
import { runLook } from "@/status/run";
import "./runs.css";

export const briefOf = (run: Pick<Run, "input" | "workflow">): string =>
  typeof run.input.brief === "string" && run.input.brief ? run.input.brief : words(run.workflow);

/** A run in a short list: what it is about, where it stands, since when. */
export const RunLine = ({ run }: { run: Run }) => (
  <li>
    <div style={{ minWidth: 0 }}>
      <Link to="/runs/$runId" params={{ runId: run.run_id }} className="run-brief clip" title={briefOf(run)}>
        {briefOf(run)}
      </Link>
      <div className="under">
        <span>{words(run.workflow)}</span>
        <Time at={run.updated_at} />
        {run.degraded && <Tag look={{ label: "Degraded", tone: "wait", says: run.downgrades.map((one) => String(one.detail)).join(" ") }} />}
      </div>
    </div>
    <Lamp look={runLook(run)} />
  </li>
);
