/** From what happened to bars and stations: pure, so that a run can be drawn as it was at any moment. */
import type { Happening } from "@/api/live";
import { text } from "@/components/format";

export type BarKind = "work" | "gate" | "wait" | "failed";
export interface Bar {
  from: number;
  to: number | null;
  kind: BarKind;
  /** The entries of the history it begins and ends with. */
  seq: number;
  endSeq: number | null;
  says: string;
}
export interface Row {
  step: string;
  bars: Bar[];
}
export type Station = "idle" | "work" | "gate" | "done" | "failed";

/** A part of a step has a place of its own (`production.started.each#2`); elsewhere the step is the place. */
const placeOf = (one: Happening): string => text(one.data.place) || text(one.data.step);
const ENDS = new Set(["agent.completed", "agent.failed", "agent.stopped", "agent.retrying", "agent.outcome_unknown"]);
const OVER = new Set(["run.completed", "run.failed", "run.rejected", "run.cancelled"]);

/** One row for each step, in the order they began, with a bar for each attempt, wait and gate. */
export function rowsOf(history: readonly Happening[]): Row[] {
  const rows = new Map<string, Row>();
  const open = new Map<string, Bar>();
  const begin = (one: Happening, kind: BarKind, says: string) => {
    const step = text(one.data.step);
    const row = rows.get(step) ?? { step, bars: [] };
    rows.set(step, row);
    const bar: Bar = { from: Date.parse(one.at), to: null, kind, seq: one.seq, endSeq: null, says };
    row.bars.push(bar);
    open.set(`${kind === "gate" ? "gate" : "work"}:${placeOf(one)}`, bar);
  };
  const end = (one: Happening, of: "gate" | "work", says?: string, kind?: BarKind) => {
    const key = `${of}:${placeOf(one)}`;
    const bar = open.get(key);
    if (!bar) return;
    bar.to = Date.parse(one.at);
    bar.endSeq = one.seq;
    if (says) bar.says = says;
    if (kind) bar.kind = kind;
    open.delete(key);
  };
  for (const one of history) {
    if (one.type === "agent.started") {
      begin(one, "work", [text(one.data.capability), Number(one.data.attempt) > 1 ? `attempt ${String(one.data.attempt)}` : ""].filter(Boolean).join(", "));
    } else if (ENDS.has(one.type)) {
      const failed = one.type === "agent.failed" || one.type === "agent.retrying";
      end(one, "work", failed ? text(one.data.detail) || text(one.data.code) || "failed" : undefined, failed ? "failed" : undefined);
    } else if (one.type === "gate.opened") {
      end(one, "work");
      begin(one, "gate", "waits for a decision");
    } else if (one.type === "gate.decided") {
      end(one, "gate", `${text(one.data.decision).replace("_", " ")} by ${text(one.data.decided_by)}`);
    } else if (one.type === "step.waiting" || one.type === "step.pending" || one.type === "step.sleeping") {
      begin(one, "wait", "waits for what was started before");
    } else if (one.type === "step.completed" || one.type === "step.timed_out") {
      end(one, "gate");
      end(one, "work");
    } else if (OVER.has(one.type)) {
      for (const bar of open.values()) {
        bar.to = Date.parse(one.at);
        bar.endSeq = one.seq;
      }
      open.clear();
    }
  }
  return [...rows.values()];
}

export interface Scale {
  from: number;
  to: number;
  /** A share of the width, 0 to 1. */
  at: (time: number) => number;
  /** Times that were folded because people took theirs: [from, to]. */
  folds: [number, number][];
}

const FOLD_OVER_MS = 60_000;
const FOLDED_SHARE = 0.09;

/**
 * Times to widths. A gate of two days beside work of a minute would leave nothing to see of the work, so stretches in
 * which nothing but gates is open are folded to a fixed width each.
 */
export function scaleOf(rows: readonly Row[], now: number): Scale {
  const bars = rows.flatMap((row) => row.bars);
  const from = Math.min(...bars.map((bar) => bar.from), now);
  const to = Math.max(...bars.map((bar) => bar.to ?? now), from + 1000);
  const busy = merged(bars.filter((bar) => bar.kind !== "gate").map((bar): [number, number] => [bar.from, bar.to ?? now]));
  const folds: [number, number][] = [];
  let edge = from;
  for (const [begins, ends] of [...busy, [to, to] as [number, number]]) {
    if (begins - edge > FOLD_OVER_MS) folds.push([edge, begins]);
    edge = Math.max(edge, ends);
  }
  const folded = folds.reduce((sum, [begins, ends]) => sum + ends - begins, 0);
  const real = Math.max(1, to - from - folded);
  const share = folds.length ? Math.min(FOLDED_SHARE, 0.5 / folds.length) : 0;
  const left = 1 - share * folds.length;
  const at = (time: number): number => {
    let passed = Math.min(Math.max(time, from), to) - from;
    let width = 0;
    for (const [begins, ends] of folds) {
      if (time <= begins) break;
      const inside = Math.min(time, ends) - begins;
      passed -= inside;
      width += (inside / (ends - begins)) * share;
    }
    return Math.min(1, width + (passed / real) * left);
  };
  return { from, to, at, folds };
}

function merged(spans: [number, number][]): [number, number][] {
  const sorted = [...spans].sort((one, other) => one[0] - other[0]);
  const all: [number, number][] = [];
  for (const [begins, ends] of sorted) {
    const last = all.at(-1);
    if (last && begins <= last[1]) last[1] = Math.max(last[1], ends);
    else all.push([begins, ends]);
  }
  return all;
}

/** Where each step stood after entry `seq`: what the scrubber shows. */
export function stationsAt(rows: readonly Row[], seq: number): Map<string, Station> {
  const stations = new Map<string, Station>();
  for (const row of rows) {
    const begun = row.bars.filter((bar) => bar.seq <= seq);
    if (!begun.length) continue;
    const running = begun.filter((bar) => bar.endSeq === null || bar.endSeq > seq);
    const last = begun.at(-1) as Bar;
    if (running.some((bar) => bar.kind === "gate")) stations.set(row.step, "gate");
    else if (running.length) stations.set(row.step, "work");
    else stations.set(row.step, last.kind === "failed" ? "failed" : "done");
  }
  return stations;
}
