import { useState } from "react";
import { type Funnel, useFunnel } from "@/api/insights";
import { useWorkflows } from "@/api/runs";
import { Bars } from "@/components/Bars";
import { plural, title } from "@/components/format";
import { Section } from "@/components/Page";
import { Loaded } from "@/components/States";
import { percent, share } from "./days";

/** How many briefs come how far, and where the others are. */
export function FromBriefToPublic({ days }: { days: number }) {
  const workflows = useWorkflows().data;
  const [workflow, setWorkflow] = useState("short_video");
  const asked = useFunnel(workflow, days);
  const choice = (
    <select className="input narrow" aria-label="Workflow" value={workflow} onChange={(event) => setWorkflow(event.target.value)}>
      {(workflows ?? []).map((one) => <option key={one.name} value={one.name}>{title(one.name)}</option>)}
      {!workflows?.some((one) => one.name === workflow) && <option value={workflow}>{title(workflow)}</option>}
    </select>
  );
  return (
    <Section title="From brief to public" side={choice}>
      <Loaded asked={asked} rows={6}>
        {(funnel) => (funnel.began ? <Steps funnel={funnel} /> : <p className="dim">No run of this workflow began in these {days} days.</p>)}
      </Loaded>
    </Section>
  );
}

const Steps = ({ funnel }: { funnel: Funnel }) => (
  <>
    <p className="dim funnel-says">
      {plural(funnel.began, "run")} began; {percent(funnel.stages.at(-1)?.passed ?? 0, funnel.began)} came to the end.
      {!funnel.is_whole && " There were more than are looked at here; the oldest are left out."}
    </p>
    <Bars
      label="Runs by how far they came"
      rows={[
        { key: "", name: "Brief", part: 1, value: funnel.began.toLocaleString("en") },
        ...funnel.stages.map((stage) => ({
          key: stage.step,
          name: title(stage.step),
          part: share(stage.passed, funnel.began),
          value: stage.passed.toLocaleString("en"),
          says: [stage.here > 0 && `${stage.here} here now`, stage.ended > 0 && `${stage.ended} ended here`].filter(Boolean).join(", "),
          tone: stage.kind === "gate" ? ("wait" as const) : ("work" as const),
        })),
      ]}
    />
  </>
);
