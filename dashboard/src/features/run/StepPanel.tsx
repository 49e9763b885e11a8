import type { ReactNode } from "react";
import type { Runs } from "@/api/client";
import type { Happening } from "@/api/live";
import type { Run, Step } from "@/api/runs";
import { span, text, words } from "@/components/format";
import { Json } from "@/components/Json";
import { Lamp } from "@/components/Lamp";
import { Time } from "@/components/Time";
import { stepLook } from "@/status/step";
import { Files } from "./Files";

interface Props {
  run: Run;
  step: Step;
  history: Happening[];
  files: Runs["ArtifactAnswer"][];
}

/** All that is known of one step. */
export function StepPanel({ run, step, history, files }: Props) {
  const own = history.filter((one) => one.data.step === step.id);
  const made = files.filter((one) => one.step === step.id || one.step.startsWith(`${step.id}.`));
  const visits = own.filter((one) => one.type === "agent.started" && !one.data.place);
  const start = visits.at(-1) ?? own.find((one) => one.type === "agent.started");
  const end = own.filter((one) => one.type === "agent.completed" || one.type === "step.completed").findLast((one) => one.seq > (start?.seq ?? 0));
  const trouble = own.filter((one) => one.type === "agent.failed" || one.type === "agent.retrying");
  return (
    <div className="step-panel">
      <header>
        <h2>{words(step.id)}</h2>
        <Lamp look={stepLook(step.state)} />
      </header>
      <dl className="facts">
        <Fact name="Kind">{step.kind}{step.visit > 1 && `, ${step.visit} times`}</Fact>
        {start?.data.agent ? <Fact name="Agent">{text(start.data.agent)}</Fact> : null}
        {start?.data.capability ? <Fact name="Capability"><code>{text(start.data.capability)}</code></Fact> : null}
        {step.attempt > 0 && <Fact name="Attempts">{step.attempt}</Fact>}
        {start && <Fact name="Began"><Time at={start.at} /></Fact>}
        {start && end && <Fact name="Took">{span(Date.parse(end.at) - Date.parse(start.at))}</Fact>}
      </dl>
      {trouble.map((one) => (
        <p key={one.seq} className="note-line stop-tone">
          <Time at={one.at} />: {text(one.data.detail ?? one.data.code, "It failed")}
        </p>
      ))}
      {step.decision && <Decision decision={step.decision} />}
      <div className="step-data">
        {step.output != null && <section><h3>Gave</h3><Json value={step.output} /></section>}
        <section><h3>The run was given</h3><Json value={run.input} /></section>
      </div>
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

function Decision({ decision }: { decision: Record<string, unknown> }) {
  const said = text(decision.decision);
  const tone = said === "approved" ? "go" : said === "rejected" ? "stop" : "wait";
  return (
    <p className={`note-line ${tone}-tone`}>
      <strong>{words(said)}</strong> by {text(decision.decided_by, "somebody")}{decision.comment ? `: ${text(decision.comment)}` : "."}
    </p>
  );
}
