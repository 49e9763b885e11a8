/** How far steps at work are, and what is being written just now: told live, kept nowhere, and gone with the page. */
import { useSyncExternalStore } from "react";
import { text } from "@/components/format";
import { stream } from "./live";
import type { Frame } from "./stream";

export interface Live {
  /** A share, 0 to 1. */
  done: number | null;
  message: string;
  /** The end of what an agent has written so far. */
  text: string;
}
export type AllLive = ReadonlyMap<string, Live>;

const TEXT_KEPT = 4_000;
const STEPS_KEPT = 200;
const NOTHING: Live = { done: null, message: "", text: "" };

/** What is known of all steps after one more frame; the same map where it says nothing of this. Steps are named by `step_id`. */
export function withLive(known: AllLive, frame: Frame): AllLive {
  const id = frame.data.step_id;
  if (typeof id !== "string") return known;
  const next = new Map(known);
  const before = known.get(id) ?? NOTHING;
  // The one that spoke last is the last of the map, so the first to go is who has been silent longest.
  next.delete(id);
  if (frame.type === "progress") {
    next.set(id, { ...before, done: Number(frame.data.done), message: text(frame.data.message) });
  } else if (frame.type === "token") {
    next.set(id, { ...before, text: (before.text + text(frame.data.text)).slice(-TEXT_KEPT) });
  } else if (frame.type !== "agent.started" || !known.has(id)) {
    // An attempt that begins anew begins with nothing; of everything else nothing is said here.
    return known;
  }
  if (next.size > STEPS_KEPT) next.delete(next.keys().next().value as string);
  return next;
}

let now: AllLive = new Map();
const watchers = new Set<() => void>();
stream.hear((frame) => {
  const next = withLive(now, frame);
  if (next === now) return;
  now = next;
  for (const watcher of watchers) watcher();
});

export const useLive = (): AllLive =>
  useSyncExternalStore(
    (changed) => {
      watchers.add(changed);
      return () => watchers.delete(changed);
    },
    () => now,
  );
