import { useCallback } from "react";
import type { Airlock } from "@/api/client";
import { useWaits } from "@/api/insights";
import { Chart } from "@/components/Chart";
import { plural, span, title } from "@/components/format";
import { Section } from "@/components/Page";
import { Scroll } from "@/components/Scroll";
import { Loaded } from "@/components/States";
import { Time } from "@/components/Time";
import { waitsPlot } from "./charts";

/** A line needs two ends. */
const FEWEST_DAYS = 2;

/** How long gates wait for people: the studio's slowest step is mostly one of us. */
export function Waits({ days }: { days: number }) {
  const asked = useWaits(days);
  return (
    <Section title="Waiting for people">
      <Loaded asked={asked} rows={3}>
        {(waits) =>
          waits.gates.length ? (
            <>
              {waits.days.length >= FEWEST_DAYS && <Days days={waits.days} />}
              <Gates gates={waits.gates} />
            </>
          ) : (
            <p className="dim">Nobody had to decide: no gate was decided in these {days} days, and none is open.</p>
          )
        }
      </Loaded>
    </Section>
  );
}

function Days({ days }: { days: Airlock["DayWait"][] }) {
  const draw = useCallback((width: number) => waitsPlot(days, width), [days]);
  const longest = days.reduce((one, other) => (other.median_ms > one.median_ms ? other : one));
  return <Chart says={`Median wait by day, over ${plural(days.length, "day")}; the longest, ${span(longest.median_ms)}, on ${longest.day}.`} draw={draw} />;
}

const Gates = ({ gates }: { gates: Airlock["GateWait"][] }) => (
  <Scroll label="Waiting by gate">
    <table className="table">
      <thead><tr><th>Gate</th><th className="right">Decided</th><th className="right" title="Half of them were decided sooner">Half within</th><th className="right" title="Nine of ten were decided sooner">Nine of ten within</th><th className="right">Longest</th><th className="right">Open now</th><th>Oldest open</th></tr></thead>
      <tbody>
        {gates.map((gate) => (
          <tr key={gate.gate}>
            <td><strong>{title(gate.gate)}</strong></td>
            <td className="right num">{gate.decided}</td>
            <td className="right num">{gate.median_ms === null ? "–" : span(gate.median_ms)}</td>
            <td className="right num">{gate.ninth_ms === null ? "–" : span(gate.ninth_ms)}</td>
            <td className="right num">{gate.longest_ms === null ? "–" : span(gate.longest_ms)}</td>
            <td className="right num">{gate.open}</td>
            <td className="dim"><Time at={gate.oldest_open_at} /></td>
          </tr>
        ))}
      </tbody>
    </table>
  </Scroll>
);
