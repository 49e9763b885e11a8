import { Link, useParams } from "@tanstack/react-router";
import { fileUrl, refusedBy } from "@/api/client";
import { type Run, useFiles } from "@/api/runs";
import { Button } from "@/components/Button";
import { words } from "@/components/format";
import { Lamp, Tag } from "@/components/Lamp";
import { Page } from "@/components/Page";
import { Empty, Rows, Trouble } from "@/components/States";
import { Time } from "@/components/Time";
import { complain, say } from "@/components/toasts";
import { isOver, runLook } from "@/status/run";
import { briefOf } from "../runs/RunLine";
import { Outline } from "./Outline";
import { Progress } from "./Progress";
import type { Written } from "./read";
import { useScreenplay } from "./useScreenplay";
import "./screenplay.css";

/** Signs; a longer one is folded. */
const CONCEPT_IN_SIGHT = 600;

/** One screenplay: how far it is, what there is of it, and its files. */
export function ReadScreenplay() {
  const runId = useParams({ strict: false, select: (params: { runId: string }) => params.runId });
  const { data, loading, error, run, steps, newest, cancel } = useScreenplay(runId);
  if (!run) return <div className="page">{error ? <Trouble error={error} /> : <Rows />}</div>;
  const over = isOver(run.state);
  return (
    <Page
      title={data?.screenplay.title ?? (over ? "No screenplay" : "Writing …")}
      above={<><Link to="/screenplay">Screenplay</Link> / <Link to="/runs/$runId" params={{ runId }}>The run</Link></>}
      lead={<Standing run={run} data={data} />}
      actions={<>{data && <Taking run={runId} data={data} />}{cancel && <Button tone="stop" onClick={cancel}>Cancel</Button>}</>}
    >
      <Said run={run} />
      {error && <Trouble error={error} />}
      {run.state !== "completed" && <Progress steps={steps} newest={newest} />}
      {loading && <Rows count={5} height={56} />}
      {data && <Outline screenplay={data.screenplay} characters={data.characters} />}
      {!data && over && (
        <Empty title={run.state === "cancelled" ? "It was cancelled before it was written" : "It was not written"} action={<Link className="button" to="/screenplay">Write another</Link>}>
          {run.state === "failed" && "Whoever may retry runs can do so at its run, where it goes on from the step that failed."}
        </Empty>
      )}
      <details className="concept-held" open={briefOf(run).length <= CONCEPT_IN_SIGHT}>
        <summary>The concept</summary>
        <p className="dim">{briefOf(run)}</p>
      </details>
    </Page>
  );
}

const Standing = ({ run, data }: { run: Run; data: Written | null }) => (
  <div className="standing">
    <Lamp look={runLook(run)} />
    <span>started <Time at={run.created_at} /> by {run.created_by}</span>
    {data && <span>written by {data.writtenBy}</span>}
    {data && !data.approved && <Tag look={{ label: "Draft", tone: "wait", says: "Nobody has approved it." }} />}
    {run.origins?.includes("offline") && <Tag look={{ label: "Offline stand-in", tone: "idle", says: "Written by rules, not by a model." }} />}
  </div>
);

/** What people have to do or know: the gate it waits at, a refusal, and in which ways it is less than was asked for. */
const Said = ({ run }: { run: Run }) => (
  <div className="said-of-it">
    {run.interrupts.filter((one) => one.kind === "hitl").map((one) => (
      <p key={one.id} className="note-line wait-tone gate-line">
        <span>A person has to decide at {words(one.gate ?? one.step)}.</span>
        <Link to="/airlock/$itemId" params={{ itemId: one.id }} className="button small">Open in the airlock</Link>
      </p>
    ))}
    {run.rejection && <p className="note-line stop-tone">Rejected: {run.rejection}</p>}
    {run.downgrades.map((one) => (
      <p key={`${String(one.stage)}${String(one.code)}`} className="note-line wait-tone">{String(one.detail)}</p>
    ))}
  </div>
);

/** To take away: into the clipboard, or as a file. Before it is approved, the draft. */
function Taking({ run, data }: { run: string; data: Written }) {
  const files = useFiles(run).data ?? [];
  const nameOf = (sha: string, otherwise: string) => files.find((one) => one.id === sha)?.name ?? otherwise;
  const best = data.text ?? data.fountain;
  return (
    <>
      {best && <Button onClick={() => void copy(best)}>Copy</Button>}
      {data.fountain && <a className="button" href={fileUrl(data.fountain)} download={nameOf(data.fountain, "screenplay.fountain")}>Fountain</a>}
      {data.text && <a className="button" href={fileUrl(data.text)} download={nameOf(data.text, "screenplay.txt")}>Text</a>}
    </>
  );
}

async function copy(sha: string): Promise<void> {
  try {
    const answer = await fetch(fileUrl(sha));
    if (!answer.ok) throw refusedBy(answer.status, null);
    if (!navigator.clipboard) throw new Error("This browser copies on secure pages only. Download it instead.");
    await navigator.clipboard.writeText(await answer.text());
    say("Copied.");
  } catch (error) {
    complain(error);
  }
}
