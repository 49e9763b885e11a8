import { useWorkflows, type Workflow } from "@/api/runs";
import { ButtonLink } from "@/components/Button";
import { title, words } from "@/components/format";
import { Json } from "@/components/Json";
import { Lamp } from "@/components/Lamp";
import { Page } from "@/components/Page";
import { Empty, Loaded } from "@/components/States";
import { Graph } from "../steps/Graph";
import type { Outline } from "../steps/graph";
import "./workflows.css";

/** The folders that say what is done to a brief, and what is wrong with those that cannot be read. */
export function Workflows() {
  const asked = useWorkflows();
  return (
    <Page title="Workflows" lead="Each is a folder of YAML. A change to a file is a new version; runs under way keep theirs.">
      <Loaded asked={asked}>
        {(all) => all.length ? <ul className="workflows">{[...all].sort((one, other) => (one.status === other.status ? 0 : one.status === "error" ? -1 : 1)).map((one) => <One key={one.name} workflow={one} />)}</ul> : <Empty title="No workflow">Put a folder with an orchestrator.yaml below workflows/.</Empty>}
      </Loaded>
    </Page>
  );
}

function One({ workflow }: { workflow: Workflow }) {
  const broken = workflow.status === "error";
  const inputs = Object.entries(workflow.inputs as Record<string, { type: string; required: boolean; default: unknown }>);
  return (
    <li>
      <header>
        <h2>{workflow.title || title(workflow.name)}</h2>
        <Lamp look={broken ? { label: "Cannot be read", tone: "stop", says: "No run of it can be started." } : workflow.problem ? { label: "As it was", tone: "wait", says: "Its folder cannot be read as it is now; runs start by the last version that could." } : { label: "Ready", tone: "go", says: "Runs of it can be started." }} />
        <code className="faint">workflows/{workflow.name}</code>
        <span style={{ flex: 1 }} />
        {!broken && <ButtonLink size="small" to="/new">New brief</ButtonLink>}
      </header>
      {workflow.problem && <pre className="problem" tabIndex={0} role="group" aria-label="What is wrong with it">{workflow.problem}</pre>}
      {!broken && (
        <>
          <p className="dim">{workflow.description}</p>
          <Graph outline={workflow.outline} label={`Steps of ${workflow.title || workflow.name}`} says={({ step, each }) => toldOf(step, each)} />
          <dl className="facts">
            {inputs.map(([name, input]) => (
              <div key={name}>
                <dt>{name}{input.required && " (needed)"}</dt>
                <dd><code>{input.type}</code>{input.default !== null && input.default !== "" && <span className="faint"> {JSON.stringify(input.default)}</span>}</dd>
              </div>
            ))}
          </dl>
          <Agents agents={workflow.agents} />
          <p className="faint sm">Version <code>{workflow.digest?.slice(0, 12)}</code></p>
        </>
      )}
    </li>
  );
}

/** What a step does, in few words. */
function toldOf(step: Outline, each: string | null): string {
  const does = step.agent ? `by ${words(step.agent)}` : step.workflow ? `runs ${words(step.workflow)}` : step.kind === "gate" ? "people decide" : (step.capability?.split(".")[0] ?? step.kind);
  return each ? `${does}, then ${words(each.split(".")[1] ?? each)} for each` : does;
}

/** Who works in it, and the prompt of each. */
const Agents = ({ agents }: { agents: NonNullable<Workflow["agents"]> }) =>
  agents.length > 0 && (
    <div className="agents">
      {agents.map((agent) => (
        <details key={agent.name}>
          <summary>
            <strong>{words(agent.name)}</strong> <span className="dim">{agent.role || (agent.framework ? `an agent of your own, on ${agent.framework}` : "without a role")}</span>
          </summary>
          <p className="sm faint">
            {[agent.model && `Model ${agent.model}`, agent.tools?.length && `Tools ${agent.tools.join(", ")}`, agent.entry && `Code ${agent.entry}`].filter(Boolean).join(" · ") || "The installation's model, without tools."}
          </p>
          {agent.instructions && <Json value={agent.instructions} />}
        </details>
      ))}
    </div>
  );
