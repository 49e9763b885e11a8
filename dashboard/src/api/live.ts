/** The stream in React: one for the page, which patches and refreshes what the caches hold. */
import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useEffect, useEffectEvent, useSyncExternalStore } from "react";
import { api, got, type Runs } from "./client";
import { keys } from "./keys";
import { isLong, refreshLongLists } from "./lists";
import { Refresher } from "./refreshing";
import { type Frame, type Link, LiveStream } from "./stream";

export type Happening = Runs["HistoryAnswer"];
const SOON_MS = 250;
const SELDOM_MS = 2_000;
const PULSE_MS = 10_000;

export const stream = new LiveStream({
  ticket: async () => (await got(api.POST("/v1/tickets"))).ticket,
  open: (protocols) => new WebSocket(`${location.origin.replace(/^http/, "ws")}/ws?together=true`, protocols),
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
export function touchedBy(frame: Frame): readonly Key[] {
  // Somebody claimed, noted, held or stopped something: of no run, and without a number.
  if (frame.type === "airlock.changed") return [keys.airlock];
  if (frame.seq === null || frame.type === "replay.boundary") return [];
  const touched: Key[] = [["runs", "list"], keys.run(frame.run_id)];
  if (/gate|approval|note|publish|release/.test(frame.type)) touched.push(keys.airlock);
  if (/publish|release/.test(frame.type)) touched.push(keys.posts);
  if (/^run\.(completed|failed|rejected|cancelled)/.test(frame.type)) touched.push(keys.budgets, keys.posts, ["library"]);
  return touched;
}

type Key = readonly string[];

/** What stands below this key is asked for again. Histories are patched frame by frame, long lists by what changed in them. */
const askAgain = (cache: QueryClient, queryKey: Key): Promise<void> =>
  cache.invalidateQueries({ queryKey, predicate: (query) => query.queryKey[3] !== "history" && !isLong(query) });

function patch(cache: QueryClient): () => void {
  const askFor = (old: ReadonlySet<string>) => Promise.all([...old].map((key) => askAgain(cache, key.split("/"))));
  // The run somebody looks at is followed closely; lists of a studio in which much happens change under the eyes anyway.
  const looked = new Refresher<string>(askFor, SOON_MS, SOON_MS);
  const listed = new Refresher<string>(askFor, SOON_MS, SELDOM_MS);
  // When that fails, the banner says that nobody answers, and the next change asks again.
  const long = new Refresher<string>((runs) => refreshLongLists(cache, runs), SOON_MS, SELDOM_MS);
  const deaf = stream.hear((frame) => {
    cache.setQueryData<Happening[]>(keys.runHistory(frame.run_id), (known) => withFrame(known, frame));
    for (const key of touchedBy(frame)) {
      // Of all the runs that are told of, few were ever looked at.
      if (key[1] !== "one") listed.add(key.join("/"));
      else if (cache.getQueryState(key)) looked.add(key.join("/"));
    }
    if (frame.seq !== null) long.add(frame.run_id);
  });
  return () => {
    deaf();
    for (const one of [looked, listed, long]) one.stop();
  };
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
