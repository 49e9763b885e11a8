/** The stream in React: one for the page, which patches and refreshes what the caches hold. */
import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useEffect, useEffectEvent, useSyncExternalStore } from "react";
import { api, got, type Runs } from "./client";
import { keys } from "./keys";
import { isLong, refreshLongLists } from "./lists";
import { type Frame, type Link, LiveStream } from "./stream";

export type Happening = Runs["HistoryAnswer"];
const TOGETHER_MS = 250;
const PULSE_MS = 10_000;

export const stream = new LiveStream({
  ticket: async () => (await got(api.POST("/v1/tickets"))).ticket,
  open: (protocols) => new WebSocket(`${location.origin.replace(/^http/, "ws")}/ws`, protocols),
  wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  pulse: () => new Promise((resolve) => setTimeout(resolve, PULSE_MS)),
});

/** History with the frame at its end; as it was, when that is there already or something before it is missing. */
export function withFrame(known: Happening[] | undefined, frame: Frame): Happening[] | undefined {
  if (!known || frame.seq === null) return known;
  const last = known.at(-1)?.seq ?? 0;
  if (frame.seq !== last + 1) return known;
  return [...known, { seq: frame.seq, type: frame.type, at: frame.at, data: frame.data }];
}

/** Which caches a frame makes old. Runs' lists change with every step, the airlock only at gates. */
export function touchedBy(frame: Frame): readonly (readonly string[])[] {
  // Somebody claimed, noted, held or stopped something: of no run, and without a number.
  if (frame.type === "airlock.changed") return [keys.airlock];
  if (frame.seq === null || frame.type === "replay.boundary") return [];
  const touched: (readonly string[])[] = [["runs", "list"], keys.run(frame.run_id)];
  if (/gate|approval|note|publish|release/.test(frame.type)) touched.push(keys.airlock);
  if (/publish|release/.test(frame.type)) touched.push(keys.posts);
  if (/^run\.(completed|failed|rejected|cancelled)/.test(frame.type)) touched.push(keys.budgets, keys.posts, ["library"]);
  return touched;
}

function patch(cache: QueryClient): () => void {
  const old = new Map<string, readonly string[]>();
  const changed = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const refresh = () => {
    timer = undefined;
    for (const key of old.values()) {
      // The history is patched frame by frame and never asked for again; long lists by what changed in them.
      void cache.invalidateQueries({ queryKey: key, predicate: (query) => query.queryKey[3] !== "history" && !isLong(query) });
    }
    // When that fails, the banner says that nobody answers, and the next change asks again.
    if (changed.size) void refreshLongLists(cache, new Set(changed)).catch(() => undefined);
    old.clear();
    changed.clear();
  };
  return stream.hear((frame) => {
    cache.setQueryData<Happening[]>(keys.runHistory(frame.run_id), (known) => withFrame(known, frame));
    for (const key of touchedBy(frame)) old.set(key.join("/"), key);
    if (frame.seq !== null) changed.add(frame.run_id);
    if (old.size) timer ??= setTimeout(refresh, TOGETHER_MS);
  });
}

/** Keeps the stream open while somebody is signed in. */
export function useStream(signedIn: boolean): void {
  const cache = useQueryClient();
  useEffect(() => {
    if (!signedIn) return;
    const deaf = patch(cache);
    let seen = stream.incarnation;
    const watch = stream.watch(() => {
      // Lists are not replayed: after a gap they are asked for once.
      if (stream.link === "live" && stream.incarnation > 1 && stream.incarnation !== seen) {
        void cache.invalidateQueries({ predicate: (query) => query.queryKey[3] !== "history" && !isLong(query) });
        void refreshLongLists(cache).catch(() => undefined);
      }
      seen = stream.incarnation;
    });
    const online = () => stream.hurry();
    addEventListener("online", online);
    stream.start();
    return () => {
      deaf();
      watch();
      removeEventListener("online", online);
      stream.stop();
    };
  }, [cache, signedIn]);
}

export const useLink = (): Link =>
  useSyncExternalStore(
    (changed) => stream.watch(changed),
    () => stream.link,
  );

/** Follow one run without gaps, from the history that the cache has. */
export function useFollow(run: string, lastSeq: number | undefined): void {
  const known = lastSeq !== undefined;
  // Only where it begins matters: what comes after is told.
  const begin = useEffectEvent(() => lastSeq ?? 0);
  useEffect(() => {
    if (known) return stream.follow(run, begin());
  }, [run, known]);
}
