import { describe, expect, it } from "vitest";
import type { Happening } from "@/api/live";
import { rowsOf, scaleOf, stationsAt } from "./layout";

const T0 = Date.parse("2026-11-21T10:00:00Z");
const at = (seconds: number) => new Date(T0 + seconds * 1000).toISOString();
let seq = 0;
const one = (type: string, seconds: number, data: Record<string, unknown> = {}): Happening => ({ seq: ++seq, type, at: at(seconds), data });

function run(): Happening[] {
  seq = 0;
  return [
    one("run.created", 0),
    one("agent.started", 1, { step: "ideation", capability: "ideation.propose_ideas", attempt: 1 }),
    one("agent.retrying", 2, { step: "ideation", code: "vendor_unavailable" }),
    one("agent.started", 4, { step: "ideation", capability: "ideation.propose_ideas", attempt: 2 }),
    one("agent.completed", 6, { step: "ideation" }),
    one("agent.started", 6, { step: "approval", capability: "compliance.open_gate", attempt: 1 }),
    one("gate.opened", 7, { step: "approval" }),
    one("gate.decided", 7207, { step: "approval", decision: "approved", decided_by: "ann" }),
    one("step.completed", 7207, { step: "approval" }),
    one("agent.started", 7207, { step: "production", place: "production.started.each#0" }),
    one("agent.started", 7207, { step: "production", place: "production.started.each#1" }),
    one("agent.completed", 7230, { step: "production", place: "production.started.each#1" }),
  ];
}

describe("rows", () => {
  it("has a bar for each attempt, and a failed one says why", () => {
    const [ideation] = rowsOf(run());
    expect(ideation?.bars.map((bar) => [bar.kind, (bar.to ?? 0) - bar.from])).toEqual([["failed", 1000], ["work", 2000]]);
    expect(ideation?.bars[0]?.says).toBe("vendor_unavailable");
    expect(ideation?.bars[1]?.says).toContain("attempt 2");
  });

  it("tells the opening of a gate from the wait for people", () => {
    const gate = rowsOf(run())[1];
    expect(gate?.bars.map((bar) => bar.kind)).toEqual(["work", "gate"]);
    expect(gate?.bars[1]?.says).toBe("approved by ann");
    expect((gate?.bars[1]?.to ?? 0) - (gate?.bars[1]?.from ?? 0)).toBe(7200_000);
  });

  it("keeps parts of a step apart, and open what has not ended", () => {
    const parts = rowsOf(run())[2]?.bars ?? [];
    expect(parts.map((bar) => bar.to === null)).toEqual([true, false]);
  });

  it("ends everything with the run", () => {
    const rows = rowsOf([...run(), one("run.cancelled", 7300)]);
    expect(rows.flatMap((row) => row.bars).every((bar) => bar.to !== null)).toBe(true);
  });
});

describe("scale", () => {
  it("folds the hours in which nothing but a gate was open, so that work stays wide", () => {
    const rows = rowsOf(run());
    const now = T0 + 7240_000;
    const scale = scaleOf(rows, now);
    expect(scale.folds).toHaveLength(1);
    expect(scale.at(T0 + 7207_000) - scale.at(T0 + 7_000)).toBeCloseTo(0.09, 2);
    expect(scale.at(now)).toBeCloseTo(1, 5);
    expect(scale.at(T0 + 1000)).toBe(0);
  });

  it("never goes backwards", () => {
    const scale = scaleOf(rowsOf(run()), T0 + 7240_000);
    let last = -1;
    for (let second = 0; second <= 7240; second += 3) {
      const width = scale.at(T0 + second * 1000);
      expect(width).toBeGreaterThanOrEqual(last);
      last = width;
    }
  });

  it("stands without a history", () => {
    expect(scaleOf([], T0).at(T0)).toBe(0);
  });
});

describe("stations", () => {
  it("shows the run as it was after any entry", () => {
    const rows = rowsOf(run());
    const shown = (after: number) => Object.fromEntries(stationsAt(rows, after));
    expect(shown(1)).toEqual({});
    expect(shown(2)).toEqual({ ideation: "work" });
    expect(shown(3)).toEqual({ ideation: "failed" });
    expect(shown(7)).toEqual({ ideation: "done", approval: "gate" });
    expect(shown(12)).toEqual({ ideation: "done", approval: "done", production: "work" });
  });
});
