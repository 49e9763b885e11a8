import { useSyncExternalStore } from "react";
import { exact, relative } from "./format";

const TICK_MS = 15_000;
const watchers = new Set<() => void>();
let now = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;

function watch(changed: () => void): () => void {
  watchers.add(changed);
  timer ??= setInterval(() => {
    now = Date.now();
    for (const one of watchers) one();
  }, TICK_MS);
  return () => {
    watchers.delete(changed);
    if (watchers.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}

/** The time now, to a quarter of a minute: one clock for the page. It is never before `happened`, once that has. */
export const useNow = (happened?: string | null): number =>
  useSyncExternalStore(watch, () => {
    // Nobody keeps the clock going yet. It moves on by whole ticks then too: React asks twice, and wants one answer.
    if (watchers.size === 0 && Date.now() - now >= TICK_MS) now = Date.now();
    const at = happened ? Date.parse(happened) : now;
    return at > now && at <= Date.now() ? at : now;
  });

/** How long ago, or until; the exact instant on hover and for screen readers. */
export function Time({ at }: { at: string | null | undefined }) {
  const current = useNow(at);
  if (!at) return <span className="faint">–</span>;
  return (
    <time dateTime={at} title={exact(at)} className="num">
      {relative(at, current)}
    </time>
  );
}
