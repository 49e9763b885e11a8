/** Lists of runs that somebody scrolled far down: what changed is asked for, and not all their pages once more. */
import type { InfiniteData, Query, QueryClient } from "@tanstack/react-query";
import { api, got, type Runs } from "./client";
import { keys } from "./keys";

type Run = Runs["RunAnswer"];
export type RunPage = { items: Run[]; next_cursor: string | null };
type Pages = InfiniteData<RunPage>;

/** A list of so many pages is asked for as a whole. */
const WHOLE = 3;
/** So many runs further down are looked at again at once; the others wait for the next change of theirs. */
const AT_ONCE = 20;

const pagesOf = (query: Query): RunPage[] => (query.state.data as Pages | undefined)?.pages ?? [];
export const isLong = (query: Query): boolean => query.queryKey[0] === "runs" && query.queryKey[1] === "list" && pagesOf(query).length > WHOLE;

/** Old pages with the newest one in front: what it does not have any more is gone, what is older than it stays. */
export function withNewest(pages: readonly RunPage[], newest: RunPage): RunPage[] {
  const [first, ...others] = pages;
  const last = newest.items.at(-1);
  if (!first || !last) return [newest];
  const has = new Set(newest.items.map((run) => run.run_id));
  const older = first.items.filter((run) => !has.has(run.run_id) && Date.parse(run.created_at) < Date.parse(last.created_at));
  return [{ items: [...newest.items, ...older], next_cursor: first.next_cursor }, ...others];
}

/** The same pages with these runs as they are now; pages without one of them stay the same objects. */
export const withRuns = (pages: readonly RunPage[], fresh: ReadonlyMap<string, Run>): RunPage[] =>
  pages.map((page) => (page.items.some((run) => fresh.has(run.run_id)) ? { ...page, items: page.items.map((run) => fresh.get(run.run_id) ?? run) } : page));

/** Ask for what makes long lists in sight true again. `changed` are the runs of which something was told. */
export async function refreshLongLists(cache: QueryClient, changed: ReadonlySet<string> = new Set()): Promise<void> {
  const lists = cache.getQueryCache().findAll({ queryKey: ["runs", "list"], type: "active" }).filter(isLong);
  await Promise.all(lists.map((query) => refreshLong(cache, query, changed)));
}

/** The same for everything that is known of runs, after somebody did something to them. */
export async function refreshRuns(cache: QueryClient, changed: ReadonlySet<string> = new Set()): Promise<void> {
  const whole = { queryKey: keys.runs, predicate: (query: Query) => !isLong(query) && query.queryKey[3] !== "history" };
  await Promise.all([cache.invalidateQueries(whole), refreshLongLists(cache, changed)]);
}

async function refreshLong(cache: QueryClient, query: Query, changed: ReadonlySet<string>): Promise<void> {
  const filter = query.queryKey[2] as { limit: number };
  const below = pagesOf(query).slice(1).flatMap((page) => page.items).filter((run) => changed.has(run.run_id));
  const [newest, ...again] = await Promise.all([
    got(api.GET("/v1/runs", { params: { query: filter } })) as Promise<RunPage>,
    ...below.slice(0, AT_ONCE).map((run) => got(api.GET("/v1/runs/{run_id}", { params: { path: { run_id: run.run_id } } }))),
  ]);
  const fresh = new Map(again.map((run) => [run.run_id, run]));
  cache.setQueryData<Pages>(query.queryKey, (known) => known && { ...known, pages: withRuns(withNewest(known.pages, newest), fresh) });
}
