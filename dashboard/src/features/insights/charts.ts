/** What the charts show, as Observable Plot draws it. Pure. */
import { axisX, axisY, dot, gridY, lineY, type PlotOptions, pointerX, rectY, ruleY, tip } from "@observablehq/plot";
import type { Airlock } from "@/api/client";
import { dollars, plural, span } from "@/components/format";
import type { Day } from "./days";

const MANY_TICKS = 640;
const MARGIN = 56;
const isoDay = (day: Date): string => day.toISOString().slice(0, 10);
const [SECOND, MINUTE, HOUR, DAY] = [1000, 60_000, 3_600_000, 86_400_000] as const;
const STEPS = [SECOND, 5 * SECOND, 15 * SECOND, MINUTE, 5 * MINUTE, 15 * MINUTE, 30 * MINUTE, 2 * HOUR, 6 * HOUR, 12 * HOUR, DAY, 2 * DAY, 7 * DAY, 14 * DAY, 28 * DAY];
const MOST_TICKS = 5;

/** Marks of a scale of time, from nothing up to the first that is not less than `most`: at times that people say. */
export function timeTicks(most: number): number[] {
  const step = STEPS.find((one) => most / one <= MOST_TICKS) ?? 90 * DAY;
  return Array.from({ length: Math.max(1, Math.ceil(most / step)) + 1 }, (_, index) => index * step);
}

const axes = (width: number, says: (value: number) => string, ticks: number | number[]) => [
  gridY({ stroke: "var(--line)", strokeOpacity: 1, ticks: ticks as number }),
  axisY({ label: null, tickFormat: says, ticks: ticks as number }),
  axisX({ label: null, ticks: width < MANY_TICKS ? 4 : 8 }),
];
const ground = ruleY([0], { stroke: "var(--line-strong)" });

/** A bar for each day. */
export const spentPlot = (spent: Day[], width: number): PlotOptions => ({
  height: 220,
  marginLeft: MARGIN,
  x: { type: "utc" },
  y: { nice: true },
  marks: [
    ...axes(width, dollars, 4),
    rectY(spent, { x: "day", y: "usd", interval: "day", fill: "var(--work)", insetLeft: 1, insetRight: 1 }),
    ground,
    tip(spent, pointerX({ x: "day", y: "usd", title: (one: Day) => `${isoDay(one.day)}\n${dollars(one.usd)}` })),
  ],
});

interface Wait {
  day: Date;
  decided: number;
  ms: number;
}

/** A line from day to day, with a point for each on which somebody decided. */
export function waitsPlot(days: readonly Airlock["DayWait"][], width: number): PlotOptions {
  const waits: Wait[] = days.map((one) => ({ day: new Date(one.day), decided: one.decided, ms: one.median_ms }));
  const ticks = timeTicks(Math.max(...waits.map((one) => one.ms)));
  return {
    height: 200,
    marginLeft: MARGIN,
    x: { type: "utc", insetLeft: 10, insetRight: 10 },
    y: { domain: [0, ticks.at(-1) ?? 0] },
    marks: [
      ...axes(width, (ms: number) => (ms === 0 ? "0" : span(ms)), ticks),
      lineY(waits, { x: "day", y: "ms", stroke: "var(--wait)", strokeWidth: 1.75 }),
      dot(waits, { x: "day", y: "ms", fill: "var(--wait)", r: 2.5 }),
      ground,
      tip(waits, pointerX({ x: "day", y: "ms", title: (one: Wait) => `${isoDay(one.day)}\n${span(one.ms)}, ${plural(one.decided, "decision")}` })),
    ],
  };
}
