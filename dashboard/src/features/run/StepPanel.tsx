import type { ReactNode } from "react";
import type { Runs } from "@/api/client";
import type { Happening } from "@/api/live";
import type { Run, Step } from "@/api/runs";
import { dollars, span, text, words } from "@/components/format";
import { Lamp } from "@/components/Lamp";
import { Time } from "@/components/Time";
import { stepLook } from "@/status/step";
import { Calls } from "./Calls";
import { Files } from "./Files";
import { Given } from "./Given";
import { type Attempt, costOf, type Doing } from "./step";

interface Props {
  run: Run;
  step: Step;
  attempts: Attempt[];
  doing: Doing | undefined;
  trace: string | null;
  history: Happening[];
  files: Runs["ArtifactAnswer"][];
}

/** All that is known of one step. */
export function StepPanel({ run, step, attempts, doing, trace, history, files }: Props) {
  const own = history.filter((one) => one.data.step === step.id);
  const made = files.filter((one) => one.step === step.id || one.step.startsWith(`${step.id}.`));
  const visits = own.filter((one) => one.type === "agent.started" && !one.data.place);
  const start = visits.at(-1) ?? own.find((one) => one.type === "agent.started");
  const end = own.filter((one) => one.type === "agent.completed" || one.type === "step.completed").findLast((one) => one.seq > (start?.seq ?? 0));
  const trouble = own.filter((one) => one.type === "agent.failed" || one.type === "agent.retrying");
  const [cost, before] = [Number(step.cost_usd), costOf(own)];
  return (
    <div className="step-panel">
      <header>
        <h2>{words(step.id)}</h2>
        <Lamp look={stepLook(step.state)} />
      </header>
      {doing && <Now doing={doing} />}
      <dl className="facts">
        <Fact name="Kind">{step.kind}{step.visit > 1 && `, ${step.visit} times`}</Fact>
        {start?.data.agent ? <Fact name="Agent">{text(start.data.agent)}</Fact> : null}
        {start?.data.capability ? <Fact name="Capability"><code>{text(start.data.capability)}</code></Fact> : null}
        {step.attempt > 0 && <Fact name="Attempts">{step.attempt}</Fact>}
        {start && <Fact name="Began"><Time at={start.at} /></Fact>}
        {start && end && <Fact name="Took">{span(Date.parse(end.at) - Date.parse(start.at))}</Fact>}
        {start && <Fact name="Cost"><span title="What its present visit has cost, with its parts">{dollars(cost)}</span>{before > cost && <span className="faint"> of {dollars(before)} for all visits</span>}</Fact>}
        {start && trace && <Fact name="Trace"><a href={trace} target="_blank" rel="noreferrer">All spans of this run</a></Fact>}
      </dl>
      {trouble.map((one) => (
        <p key={one.seq} className="note-line stop-tone">
          <Time at={one.at} />: {text(one.data.detail ?? one.data.code, "It failed")}
        </p>
      ))}
      {step.decision && <Decision decision={step.decision} />}
      <Given run={run} step={step} attempts={attempts.length} />
      {attempts.length > 0 && <Calls run={run} step={step} attempts={attempts} />}
      {made.length > 0 && <section><h3>Made</h3><Files files={made} /></section>}
    </div>
  );
}

const Fact = ({ name, children }: { name: string; children: ReactNode }) => (
  <div>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </div>
);

/** What it does just now: how far it is, and the words as they are written. */
const Now = ({ doing }: { doing: Doing }) => (
  <section className="doing" aria-label="Just now">
    {doing.done !== null && (
      <p>
        <progress max={1} value={doing.done} aria-label="How far it is" /> <span className="num">{Math.round(doing.done * 100)} %</span> <span className="dim">{doing.message}</span>
      </p>
    )}
    {doing.text && <blockquote>{doing.text}</blockquote>}
  </section>
);

function Decision({ decision }: { decision: Record<string, unknown> }) {
  const said = text(decision.decision);
  const tone = said === "approved" ? "go" : said === "rejected" ? "stop" : "wait";
  return (
    <p className={`note-line ${tone}-tone`}>
      <strong>{words(said)}</strong> by {text(decision.decided_by, "somebody")}{decision.comment ? `: ${text(decision.comment)}` : "."}
    </p>
  );
}
