import { useCallback } from "react";
import type { Airlock } from "@/api/client";
import { useWaits } from "@/api/insights";
import { Chart } from "@/components/Chart";
import { plural, span, title } from "@/components/format";
import { Section } from "@/components/Page";
import { Loaded } from "@/components/States";
import { type Column, Table } from "@/components/Table";
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
              <Table label="Waiting by gate" rows={waits.gates} id={(gate) => gate.gate} columns={COLUMNS} />
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

const took = (milliseconds: number | null): string => (milliseconds === null ? "–" : span(milliseconds));

const COLUMNS: Column<Airlock["GateWait"]>[] = [
  { head: "Gate", cell: (gate) => <strong>{title(gate.gate)}</strong> },
  { head: "Decided", right: true, cell: (gate) => gate.decided },
  { head: "Half within", says: "Half of them were decided sooner", right: true, cell: (gate) => took(gate.median_ms) },
  { head: "Nine of ten within", says: "Nine of ten were decided sooner", right: true, cell: (gate) => took(gate.ninth_ms) },
  { head: "Longest", right: true, cell: (gate) => took(gate.longest_ms) },
  { head: "Open now", right: true, cell: (gate) => gate.open },
  { head: "Oldest open", dim: true, cell: (gate) => <Time at={gate.oldest_open_at} /> },
];
