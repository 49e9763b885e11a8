import { expect, it } from "vitest";
import { type AllLive, withLive } from "./progress";
import type { Frame } from "./stream";

const frame = (type: string, data: Record<string, unknown>): Frame => ({ v: 1, type, run_id: "r", seq: null, after_seq: null, at: "", data });
const after = (...frames: Frame[]): AllLive => frames.reduce(withLive, new Map() as AllLive);

it("keeps the last progress of each step, and the end of what it writes [F83]", () => {
  const known = after(
    frame("progress", { step_id: "a", done: 0.2, message: "encoding" }),
    frame("token", { step_id: "b", text: "The tide " }),
    frame("progress", { step_id: "a", done: 0.5, message: "checking" }),
    frame("token", { step_id: "b", text: "turns." }),
  );
  expect(Object.fromEntries(known)).toEqual({
    a: { done: 0.5, message: "checking", text: "" },
    b: { done: null, message: "", text: "The tide turns." },
  });
  expect(after(frame("token", { step_id: "b", text: "x".repeat(9000) })).get("b")?.text).toHaveLength(4000);
});

it("begins anew with an attempt, and says nothing of other frames", () => {
  const known = after(frame("progress", { step_id: "a", done: 1, message: "" }));
  expect(withLive(known, frame("agent.started", { step_id: "a" })).has("a")).toBe(false);
  expect(withLive(known, frame("agent.started", { step_id: "b" }))).toBe(known);
  expect(withLive(known, frame("gate.opened", { step: "a" }))).toBe(known);
});

it("forgets who has been silent longest, so that a page that stays open for days does not grow", () => {
  const many = Array.from({ length: 200 }, (_, number) => frame("progress", { step_id: `s${number}`, done: 0, message: "" }));
  const known = after(...many, frame("progress", { step_id: "s0", done: 1, message: "" }), frame("progress", { step_id: "new", done: 0, message: "" }));
  expect(known.size).toBe(200);
  expect([known.has("s0"), known.has("s1"), known.has("new")]).toEqual([true, false, true]);
});
