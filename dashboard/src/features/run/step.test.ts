import { expect, it } from "vitest";
import type { Happening } from "@/api/live";
import { attemptsOf, costOf, doingOf } from "./step";

let seq = 0;
const one = (type: string, data: Record<string, unknown>): Happening => ({ seq: ++seq, type, at: "2026-11-21T10:00:00Z", data });
const live = (done: number | null, message = "", text = "") => ({ done, message, text });

it("says how far a step is, over all of its parts [F83]", () => {
  const history = [
    one("agent.started", { step: "production", step_id: "p", attempt: 1 }),
    one("agent.completed", { step: "production" }),
    one("agent.started", { step: "production", place: "production.started.each#0", step_id: "c0", attempt: 1 }),
    one("agent.started", { step: "production", place: "production.started.each#1", step_id: "c1", attempt: 1 }),
    one("agent.completed", { step: "production", place: "production.started.each#0" }),
  ];
  const told = new Map([["c0", live(1, "done")], ["c1", live(0.5, "drawing")], ["other", live(0.1)]]);
  const doing = doingOf(attemptsOf(history), told, new Map([["production", 4]]));
  expect(doing.get("production")).toEqual({ done: 0.375, message: "drawing", text: "" });
});

it("shows what is being written, and nothing once the attempt has ended", () => {
  const history = [one("agent.started", { step: "ideation", step_id: "i", attempt: 1 })];
  const told = new Map([["i", live(null, "", "The tide")]]);
  expect(doingOf(attemptsOf(history), told, new Map()).get("ideation")).toEqual({ done: null, message: "", text: "The tide" });
  const retried = [...history, one("agent.retrying", { step: "ideation" })];
  expect(doingOf(attemptsOf(retried), told, new Map()).size).toBe(0);
});

it("adds up what every visit cost", () => {
  expect(costOf([one("agent.completed", { cost_usd_micros: 1500 }), one("agent.retrying", {}), one("agent.completed", {})])).toBe(0.0015);
});
