import { describe, expect, it } from "vitest";
import { graphOf, type Outline } from "./graph";

const one = (id: string, kind = "run", more: Partial<Outline> = {}): Outline => ({
  id, kind, parent: null, block: "", when: null, capability: null, agent: null, workflow: null, at_most: null, cases: {}, reviewers: [], ...more,
});
const where = (outline: Outline[]) => Object.fromEntries(graphOf(outline).placed.map((at) => [at.step.id, [at.column, at.row]]));
const lines = (outline: Outline[]) =>
  graphOf(outline).edges.map(({ of, from, to }) => `${of} ${from.column},${from.row} → ${to.column},${to.row}`);

describe("graph", () => {
  it("is a line where steps follow each other, and short forms are no stations", () => {
    const film = [
      one("production"),
      one("production.started", "foreach", { parent: "production", block: "started" }),
      one("production.started.each", "run", { parent: "production.started", block: "each", capability: "producer.make_clip" }),
      one("review", "gate"),
    ];
    expect(where(film)).toEqual({ production: [0, 0], review: [1, 0] });
    expect(lines(film)).toEqual(["production 0,0 → 1,0"]);
    expect(graphOf(film).placed[0]?.each).toBe("producer.make_clip");
  });

  it("lays blocks that run side by side below each other, and joins them again", () => {
    const both = [
      one("split", "parallel"),
      one("a", "run", { parent: "split", block: "left" }),
      one("b", "run", { parent: "split", block: "left" }),
      one("c", "run", { parent: "split", block: "right" }),
      one("end"),
    ];
    expect(where(both)).toEqual({ split: [0, 0], a: [1, 0], b: [2, 0], c: [1, 1], end: [3, 0] });
    expect(lines(both)).toEqual(["split 0,0 → 1,0", "a 1,0 → 2,0", "split 0,0 → 1,1", "b 2,0 → 3,0", "c 1,1 → 3,0"]);
    expect(graphOf(both).placed.map((at) => at.says)).toEqual([null, "left", null, "right", null]);
    expect(graphOf(both)).toMatchObject({ columns: 4, rows: 2 });
  });

  it("goes straight past a branch without an else, and says each way's condition", () => {
    const cases = { case_1: "input.long", case_2: "input.loud" };
    const way = (block: string) => ({ parent: "choice", block });
    const branch = [one("choice", "branch", { cases }), one("a", "run", way("case_1")), one("b", "run", way("case_2")), one("end")];
    expect(where(branch)).toEqual({ choice: [0, 0], a: [1, 1], b: [1, 2], end: [2, 0] });
    expect(lines(branch)).toContain("choice 0,0 → 2,0");
    expect(graphOf(branch).placed.map((at) => at.says)).toEqual([null, "input.long", "input.loud", null]);
    const whole = [one("choice", "branch", { cases: { ...cases, case_2: null } }), ...branch.slice(1)];
    expect(where(whole)).toMatchObject({ a: [1, 0], b: [1, 1] });
    expect(lines(whole)).not.toContain("choice 0,0 → 2,0");
  });

  it("marks what goes round, also inside of what goes round", () => {
    const room = [
      one("seasons", "loop", { at_most: 2 }),
      one("room", "loop", { at_most: 4, parent: "seasons", block: "body" }),
      one("draft", "run", { parent: "room", block: "body" }),
      one("critics", "parallel", { parent: "room", block: "body" }),
      one("kind", "run", { parent: "critics", block: "kind" }),
      one("strict", "run", { parent: "critics", block: "strict" }),
      one("read", "gate", { parent: "seasons", block: "body" }),
    ];
    expect(where(room)).toEqual({ seasons: [0, 0], room: [1, 0], draft: [2, 0], critics: [3, 0], kind: [4, 0], strict: [4, 1], read: [5, 0] });
    expect(graphOf(room).rounds).toEqual([
      { id: "seasons", says: "again, 2 times at most", column: 0, row: 0, columns: 6, rows: 2 },
      { id: "room", says: "again, 4 times at most", column: 1, row: 0, columns: 4, rows: 2 },
    ]);
  });

  it("never lays two stations on one place, and draws nothing of nothing", () => {
    const waits = [one("partner", "wait"), one("alone", "gate", { parent: "partner", block: "late" }), one("film", "subrun")];
    expect(where(waits)).toEqual({ partner: [0, 0], alone: [1, 1], film: [2, 0] });
    expect(graphOf(waits).placed[1]?.says).toBe("without an answer");
    expect(graphOf([])).toEqual({ columns: 0, rows: 1, placed: [], edges: [], rounds: [] });
  });
});
