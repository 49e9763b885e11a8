/** What the history says of one step, and what is heard of it live: pure. */
import type { Happening } from "@/api/live";
import type { AllLive } from "@/api/progress";
import { text } from "@/components/format";

export interface Attempt {
  seq: number;
  /** By which calls, orders and live frames name it; another one for each visit and part. */
  stepId: string;
  place: string;
  attempt: number;
  open: boolean;
}
export interface Doing {
  /** A share of the whole step, 0 to 1; null where nobody said. */
  done: number | null;
  message: string;
  text: string;
}

const ENDS = new Set(["agent.completed", "agent.failed", "agent.stopped", "agent.retrying", "step.completed", "step.timed_out"]);

/** The attempts of every step and its parts, in the order they began. */
export function attemptsOf(history: readonly Happening[]): Map<string, Attempt[]> {
  const steps = new Map<string, Attempt[]>();
  for (const one of history) {
    const step = text(one.data.step);
    const known = steps.get(step) ?? [];
    const place = text(one.data.place) || step;
    if (one.type === "agent.started") {
      steps.set(step, [...known, { seq: one.seq, stepId: text(one.data.step_id), place, attempt: Number(one.data.attempt), open: true }]);
    } else if (ENDS.has(one.type)) {
      for (const attempt of known) if (attempt.place === place) attempt.open = false;
    }
  }
  return steps;
}

/** What each step that is at work does just now. `parts` is how many parts a step has, where it has some. */
export function doingOf(attempts: ReadonlyMap<string, Attempt[]>, live: AllLive, parts: ReadonlyMap<string, number>): Map<string, Doing> {
  const doing = new Map<string, Doing>();
  for (const [step, all] of attempts) {
    const newest = new Map(all.map((one) => [one.place, one]));
    const open = [...newest.values()].filter((one) => one.open);
    const told = open.flatMap((one) => live.get(one.stepId) ?? []);
    if (!told.length) continue;
    const shares = told.filter((one) => one.done !== null);
    const whole = Math.max(parts.get(step) ?? 1, open.length);
    const ended = parts.has(step) ? [...newest.values()].filter((one) => !one.open && one.place !== step).length : 0;
    const done = shares.length ? Math.min(1, (ended + shares.reduce((sum, one) => sum + (one.done ?? 0), 0)) / whole) : null;
    const last = told.at(-1);
    doing.set(step, { done, message: shares.at(-1)?.message ?? "", text: last?.text ?? "" });
  }
  return doing;
}

/** What all visits of a step have cost, in dollars. */
export const costOf = (own: readonly Happening[]): number =>
  own.reduce((sum, one) => sum + (one.type === "agent.completed" ? Number(one.data.cost_usd_micros ?? 0) : 0), 0) / 1e6;
