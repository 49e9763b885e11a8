import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { useEstimate, useOnceKey, useStart, useWorkflows, type Workflow } from "@/api/runs";
import { holds, useMe } from "@/api/session";
import { Button } from "@/components/Button";
import { Choices } from "@/components/Choices";
import { Examples } from "@/components/Examples";
import { text } from "@/components/format";
import { Page } from "@/components/Page";
import { Empty, Loaded, Trouble } from "@/components/States";
import { useNow } from "@/components/Time";
import { useSendKey } from "@/shell/useKeys";
import { Forecast } from "./Forecast";
import { Graph } from "../steps/Graph";
import { More } from "./More";
import { Reviews } from "./Reviews";
import { ScriptFile } from "./ScriptFile";
import { emptyInput, type Given, inputFrom, missing, wrongs } from "./inputs";
import "./brief.css";

const EXAMPLES = [
  "How tides work, for people who have never seen the sea",
  "Three small habits that make mornings calmer",
  "Why honey never spoils. Facts: jars from Egyptian tombs were still edible; honey has less than 18 % water.",
  "The world's shortest commercial flight: 2.7 km in about 90 seconds, between Westray and Papa Westray",
];
/** What most briefs are for; the others stand behind it. */
const USUAL = "short_video";
const SETTLE_MS = 400;

/** Say what the film is about; see what it takes before it begins. */
export function NewBrief() {
  const workflows = useWorkflows();
  const me = useMe().data;
  if (me && !holds(me, "creator", "operator")) {
    return <Page title="New brief"><Empty title="Briefs are written by creators">You have no role that starts runs. An administrator can give you one in Settings.</Empty></Page>;
  }
  return (
    <Page title="New brief" lead="Say what the film is about. Facts you give are the facts it states; without any it asks questions instead.">
      <Loaded asked={workflows}>
        {(all) => {
          const ready = all
            .filter((one) => one.status === "ready" && !one.hidden && "brief" in one.inputs)
            .sort((one, other) => Number(other.name === USUAL) - Number(one.name === USUAL));
          return ready.length ? <Form workflows={ready} /> : <Empty title="No workflow takes a brief">See Workflows for which there are, and what is wrong with them.</Empty>;
        }}
      </Loaded>
    </Page>
  );
}

function Form({ workflows }: { workflows: Workflow[] }) {
  const go = useNavigate();
  const start = useStart();
  const [name, setName] = useState(workflows[0]?.name ?? "");
  const workflow = (workflows.find((one) => one.name === name) ?? workflows[0]) as Workflow;
  const [given, setGiven] = useState<Given>(() => emptyInput(workflow));
  const [privately, setPrivately] = useState<"tenant" | "private">("tenant");
  const [budget, setBudget] = useState("");
  const [tried, setTried] = useState(false);
  const brief = useRef<HTMLTextAreaElement>(null);
  const form = useRef<HTMLFormElement>(null);
  const keyOf = useOnceKey();
  const wanting = missing(workflow, given);
  const wrong = wrongs(workflow, given, useNow());
  const ready = !wanting.length && !Object.keys(wrong).length;
  const settled = useSettled(inputFrom(workflow, given));
  const estimate = useEstimate(name, settled, ready);

  useEffect(() => brief.current?.focus(), []);
  useSendKey(form);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (start.isPending) return;
    if (wanting.length) return brief.current?.focus();
    if (!ready) return showWrong(form.current);
    start.mutate(
      { workflow: name, input: inputFrom(workflow, given), visibility: privately, priority: "medium", key: keyOf(given, name, privately, budget), ...(budget ? { budget_usd: budget } : {}) },
      { onSuccess: (run) => void go({ to: "/runs/$runId", params: { runId: run.run_id } }) },
    );
  };
  const written = text(given.brief);
  return (
    <form ref={form} className="brief" onSubmit={submit}>
      <div className="brief-main">
        <div className="field">
          <label htmlFor="brief" className="visually-hidden">Brief</label>
          <textarea
            id="brief"
            ref={brief}
            className="input brief-text"
            rows={6}
            value={written}
            placeholder="How tides work …"
            aria-invalid={tried && wanting.includes("brief")}
            aria-describedby="brief-hint"
            onChange={(event) => setGiven({ ...given, brief: event.target.value })}
          />
          <span id="brief-hint" className={tried && wanting.includes("brief") ? "wrong" : "hint"}>
            {tried && wanting.includes("brief") ? "A sentence about the film is needed." : "A sentence is enough. ⌘ Enter starts it."}
          </span>
        </div>
        {!written && (
          <Examples all={EXAMPLES} take={(one) => (setGiven({ ...given, brief: one }), brief.current?.focus())} />
        )}
        {"script" in workflow.inputs && (
          <ScriptFile
            key={name}
            change={(script) => setGiven((now) => ({ ...now, script: script ?? {}, ...(script && !text(now.brief).trim() ? { brief: script.title || script.scenes[0]?.text } : {}) }))}
          />
        )}
        <div className="field">
          <span className="label">Workflow</span>
          {workflows.length > 1 && (
            <Choices label="Workflow" value={name} onChange={(next) => (setName(next), setGiven({ ...emptyInput(workflows.find((one) => one.name === next) as Workflow), brief: given.brief }))} options={workflows.map((one) => [one.name, one.title] as const)} />
          )}
          <p className="dim">{workflow.title}. {workflow.description}</p>
          <Graph outline={workflow.outline} label="Steps" />
        </div>
        <Reviews workflow={workflow} />
        <More workflow={workflow} given={given} wrong={wrong} change={setGiven} privately={privately} setPrivately={setPrivately} budget={budget} setBudget={setBudget} />
        {start.isError && <Trouble error={start.error} />}
        <div>
          <Button tone="go" type="submit" busy={start.isPending}>{start.isPending ? "Starting …" : "Start the run"}</Button>
        </div>
      </div>
      <Forecast estimate={estimate.data} asked={ready} error={estimate.error} />
    </form>
  );
}

/** Open what hides the first field that cannot be sent, and go there. */
function showWrong(form: HTMLFormElement | null): void {
  form?.querySelector("details.more")?.setAttribute("open", "");
  form?.querySelector<HTMLElement>(".field:has(.wrong) :is(input, select)")?.focus();
}

/** A value once it has not changed for a moment: the estimate is asked for what was written, not for each letter. */
function useSettled<T>(value: T): T {
  const [settled, setSettled] = useState(value);
  const text = JSON.stringify(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(JSON.parse(text) as T), SETTLE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}
