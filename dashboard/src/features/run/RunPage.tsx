import { Link, useParams } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { useFollow } from "@/api/live";
import { useLive } from "@/api/progress";
import { type Run, type Step, useFiles, useHistory, useRun, useRunState } from "@/api/runs";
import { Choices } from "@/components/Choices";
import { dollars, words } from "@/components/format";
import { Lamp, Tag } from "@/components/Lamp";
import { Page } from "@/components/Page";
import { Empty, Loaded, Rows } from "@/components/States";
import { Time, useNow } from "@/components/Time";
import { useAddress } from "@/shell/address";
import { isOver, runLook } from "@/status/run";
import { briefOf } from "../runs/RunLine";
import { Controls } from "./Controls";
import { Files } from "./Files";
import { Log } from "./Log";
import { rowsOf, stationsAt } from "./layout";
import { Stations } from "./Stations";
import { attemptsOf, doingOf } from "./step";
import { StepPanel } from "./StepPanel";
import { Timeline } from "./Timeline";
import "./run.css";

/** One run: where it stands, how it got there, what each step was given and gave. */
export function RunPage() {
  const runId = useParams({ strict: false, select: (params: { runId: string }) => params.runId });
  const asked = useRun(runId);
  if (asked.data === undefined) return <div className="page"><Loaded asked={asked}>{() => null}</Loaded></div>;
  return <Shown key={runId} run={asked.data} />;
}

function Shown({ run }: { run: Run }) {
  const history = useHistory(run.run_id);
  const state = useRunState(run.run_id);
  const files = useFiles(run.run_id);
  useFollow(run.run_id, history.data?.at(-1)?.seq);
  const [shown, show] = useAddress(SAID);
  const choose = (id: string) => show({ step: id, show: "steps" });
  const [seq, setSeq] = useState<number | null>(null);
  const ticking = useNow();
  const over = isOver(run.state);
  const now = over ? Date.parse(run.finished_at ?? run.updated_at) : Math.max(ticking, Date.parse(run.updated_at));
  const rows = useMemo(() => rowsOf(history.data ?? []), [history.data]);
  const last = history.data?.at(-1)?.seq ?? 0;
  const steps = useMemo(() => state.data?.steps ?? [], [state.data]);
  const live = useLive();
  const attempts = useMemo(() => attemptsOf(history.data ?? []), [history.data]);
  const doing = useMemo(() => doingOf(attempts, live, partsOf(steps)), [attempts, live, steps]);
  const step = steps.find((one) => one.id === shown.step) ?? current(steps);
  return (
    <Page
      title={briefOf(run)}
      above={<><Link to="/runs">Runs</Link> / {words(run.workflow)}</>}
      lead={<Standing run={run} />}
      actions={<Controls run={run} steps={steps} />}
    >
      <Reasons run={run} />
      {history.isPending ? <Rows count={4} /> : (
        <>
          <Stations steps={steps} outline={state.data?.outline ?? NONE} doing={doing} chosen={step?.id ?? null} choose={choose} past={seq === null ? null : stationsAt(rows, seq)} />
          <Timeline rows={rows} now={now} history={history.data ?? []} last={last} seq={seq} setSeq={setSeq} choose={choose} chosen={step?.id ?? null} />
        </>
      )}
      <div className="strip" style={{ marginTop: "2.5rem" }}>
        <Choices label="What to show" value={shown.show} onChange={(now) => show({ show: now })} options={[["steps", "Step"], ["files", `Files ${files.data?.length ?? ""}`], ["log", `History ${last || ""}`]]} />
      </div>
      {shown.show === "steps" && (step ? <StepPanel key={step.id} run={run} step={step} attempts={attempts.get(step.id) ?? []} doing={doing.get(step.id)} trace={state.data?.trace_url ?? null} history={history.data ?? []} files={files.data ?? []} /> : <Empty title="No step yet">The run begins as soon as there is room.</Empty>)}
      {shown.show === "files" && <Loaded asked={files}>{(all) => <Files files={all} />}</Loaded>}
      {shown.show === "log" && <Log history={history.data ?? []} seq={seq} />}
    </Page>
  );
}

const SAID = { show: ["steps", "files", "log"], step: "" } as const;
const NONE: never[] = [];
const partsOf = (steps: Step[]): Map<string, number> => new Map(steps.flatMap((step) => (step.children ? [[step.id, step.children.length] as const] : [])));

/** The step that matters now: the one at work or at a gate, else the last that ran. */
const current = (steps: Step[]): Step | undefined =>
  steps.find((one) => !["idle", "done", "skipped"].includes(one.state)) ?? [...steps].reverse().find((one) => one.state === "done") ?? steps[0];

const Standing = ({ run }: { run: Run }) => (
  <div className="standing">
    <Lamp look={runLook(run)} />
    <span>started <Time at={run.created_at} /> by {run.created_by}</span>
    {run.finished_at && <span>ended <Time at={run.finished_at} /></span>}
    <span title="What steps cost so far">{dollars(run.cost_usd)}{Number(run.unknown_usd) > 0 && ` + ${dollars(run.unknown_usd)} unclear`}</span>
    {run.origins?.includes("offline") && <Tag look={{ label: "Offline stand-ins", tone: "idle", says: "Made by rules and local programs, not by models of vendors." }} />}
    {run.visibility === "private" && <Tag look={{ label: "Private", tone: "idle", says: "Seen by its owner, those it is shared with, and reviewers." }} />}
    {run.forked_from && <Link to="/runs/$runId" params={{ runId: run.forked_from }}>forked from another run</Link>}
    {run.workflow === "screenplay" && <Link to="/screenplay/$runId" params={{ runId: run.run_id }}>Read the screenplay</Link>}
    {run.legal_hold && <Tag look={{ label: "Legal hold", tone: "wait", says: "Nothing of it may be deleted." }} />}
  </div>
);

/** What failed: stage, cause, what was kept, what it cost, what to do. And what is less good than it was meant to be. */
function Reasons({ run }: { run: Run }) {
  const error = run.error;
  return (
    <div className="reasons">
      {error && (
        <div className="trouble">
          <strong>{words(error.stage)} failed</strong>
          <span>{error.detail}</span>
          <span className="dim">
            {error.kept?.length ? `Kept: ${error.kept.join(", ")}. ` : "Nothing was kept of this step. "}
            Cost until then: {dollars(Number(error.cost_usd_micros) / 1e6)}.
          </span>
          {error.next_action && <span>Next: {error.next_action}</span>}
        </div>
      )}
      {run.rejection && <p className="note-line stop-tone">Rejected: {run.rejection}</p>}
      {run.downgrades.map((one) => (
        <p key={`${String(one.stage)}${String(one.code)}`} className="note-line wait-tone">
          <strong>Degraded in {words(String(one.stage))}.</strong> {String(one.detail)}
        </p>
      ))}
      {run.interrupts.filter((one) => one.kind === "hitl").map((one) => (
        <p key={one.id} className="note-line wait-tone at-gate">
          <span>A person has to decide at {words(one.gate ?? one.step)}.</span>
          <Link to="/airlock/$itemId" params={{ itemId: one.id }} className="button small">Open in the airlock</Link>
        </p>
      ))}
    </div>
  );
}
