import { Link } from "@tanstack/react-router";
import { useCallback, useState } from "react";
import { type By, type Costs, useCosts } from "@/api/insights";
import { type BarRow, Bars } from "@/components/Bars";
import { Chart } from "@/components/Chart";
import { Choices } from "@/components/Choices";
import { dollars, plural } from "@/components/format";
import { Figure, Section } from "@/components/Page";
import { Loaded } from "@/components/States";
import { useNow } from "@/components/Time";
import { spentPlot } from "./charts";
import { share, spentByDay } from "./days";

const BY: readonly (readonly [By, string])[] = [["agent", "Agent"], ["model", "Made by"], ["user", "Person"], ["workflow", "Workflow"], ["run", "Run"]];
const NOBODY: Record<string, string> = { agent: "Steps without an agent", model: "Nothing was kept of it" };

/** What runs cost: by day, and by what the money went to. */
export function Money({ days }: { days: number }) {
  const [by, setBy] = useState<By>("agent");
  const byDay = useCosts("day", days, true);
  const shares = useCosts(by, days, true);
  return (
    <Section title="Cost">
      <Loaded asked={byDay} rows={4}>
        {(costs) =>
          Number(costs.total_usd) === 0 ? (
            <p className="dim">Nothing was paid for: no run that began in these {days} days cost anything. Offline stand-ins are free; models of vendors are not.</p>
          ) : (
            <>
              <dl className="figures">
                <Figure label="Cost" value={dollars(costs.total_usd)} says={`of ${plural(costs.runs, "run")} that began in ${days} days`} />
                <Figure label="A run" value={dollars(Number(costs.total_usd) / costs.runs)} says="on average, of those that cost anything" />
              </dl>
              {!costs.is_whole && <p className="note-line wait-tone sm">There were more runs than are added up here; the oldest are left out.</p>}
              <Days costs={costs} />
              <div className="insight-by">
                <Choices label="Cost by" value={by} onChange={setBy} options={BY} />
              </div>
              <Loaded asked={shares} rows={4}>{(found) => <Shares costs={found} />}</Loaded>
            </>
          )
        }
      </Loaded>
    </Section>
  );
}

function Days({ costs }: { costs: Costs }) {
  const now = useNow();
  const draw = useCallback((width: number) => spentPlot(spentByDay(costs.since, now, costs.shares), width), [costs, now]);
  const dearest = [...costs.shares].sort((one, other) => Number(other.cost_usd) - Number(one.cost_usd))[0];
  return <Chart says={`Cost by day: ${dollars(costs.total_usd)} in all, the most, ${dollars(dearest?.cost_usd)}, on ${dearest?.name}.`} draw={draw} />;
}

/** Shares of the whole, each with its bar; the rest is a line of its own, so that they add up. */
function Shares({ costs }: { costs: Costs }) {
  const total = Number(costs.total_usd);
  const rest = Number(costs.rest_usd);
  const rows: BarRow[] = costs.shares.map((one) => ({
    key: one.name,
    name: costs.by === "run" ? <Link to="/runs/$runId" params={{ runId: one.name }} title={one.title}>{one.title}</Link> : one.title || NOBODY[costs.by] || "Nobody named",
    part: share(Number(one.cost_usd), total),
    value: dollars(one.cost_usd),
    says: costs.by === "run" ? null : plural(one.runs, "run"),
  }));
  if (rest > 0) rows.push({ key: "rest of it", name: <span className="dim" title="Smaller ones, steps that failed after they were paid for, and work that was stopped.">The rest</span>, part: share(rest, total), value: dollars(rest), tone: "idle" });
  return <Bars label={`Cost by ${costs.by}`} rows={rows} />;
}
