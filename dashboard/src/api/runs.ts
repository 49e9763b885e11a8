import { keepPreviousData, type Query, useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo, useRef } from "react";
import { text } from "@/components/format";
import { api, got, type Ideas, onceKey, type Runs } from "./client";
import { keys } from "./keys";
import { isLong, refreshRuns } from "./lists";

export type Run = Runs["RunAnswer"];
export type Step = Runs["StepAnswer"];
export type RunState = Runs["RunStatus"];
export type Order = Runs["OrderAnswer"];
export type Call = Ideas["CallAnswer"];
export type Workflow = Runs["WorkflowAnswer"];
export type Estimate = Runs["EstimateAnswer"];
export type Action = Runs["Action"];
export interface RunFilter {
  status?: RunState[];
  workflow?: string;
  q?: string;
  created_by?: string;
  created_after?: string;
  degraded?: boolean;
  min_seconds?: number;
  max_seconds?: number;
}

export const useRuns = (filter: RunFilter, limit = 50) =>
  useInfiniteQuery({
    queryKey: keys.runList({ ...filter, limit }),
    queryFn: ({ pageParam }) =>
      got(api.GET("/v1/runs", { params: { query: { ...filter, limit, cursor: pageParam } } })),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    placeholderData: keepPreviousData,
    // A long list is kept true by what is told of its runs, not by asking for all its pages when somebody comes back.
    staleTime: (query) => (isLong(query as unknown as Query) ? Infinity : 5_000),
  });

export const useRun = (id: string) =>
  useQuery({
    queryKey: keys.run(id),
    queryFn: () => got(api.GET("/v1/runs/{run_id}", { params: { path: { run_id: id } } })),
    enabled: !!id,
  });

export const useRunState = (id: string) =>
  useQuery({
    queryKey: keys.runState(id),
    queryFn: () => got(api.GET("/v1/runs/{run_id}/state", { params: { path: { run_id: id } } })),
    enabled: !!id,
  });

const HISTORY_PAGE = 1000;

/** All that happened to a run; what comes later is told by the stream. */
export const useHistory = (id: string) =>
  useQuery({
    queryKey: keys.runHistory(id),
    queryFn: async () => {
      const all: Runs["HistoryAnswer"][] = [];
      for (;;) {
        const query = { after_seq: all.at(-1)?.seq ?? 0, limit: HISTORY_PAGE };
        const page = await got(api.GET("/v1/runs/{run_id}/history", { params: { path: { run_id: id }, query } }));
        all.push(...page);
        if (page.length < HISTORY_PAGE) return all;
      }
    },
    enabled: !!id,
    staleTime: Infinity,
  });

export const useFiles = (id: string) =>
  useQuery({
    queryKey: keys.runFiles(id),
    queryFn: () => got(api.GET("/v1/runs/{run_id}/artifacts", { params: { path: { run_id: id } } })),
    enabled: !!id,
  });

/** What the step's attempts were given. `attempts`: how many there are, as the history says. */
export const useOrders = (id: string, step: string, attempts: number) =>
  useQuery({
    queryKey: keys.orders(id, step, attempts),
    queryFn: () => got(api.GET("/v1/runs/{run_id}/orders", { params: { path: { run_id: id }, query: { step } } })),
    enabled: attempts > 0,
    staleTime: Infinity,
    placeholderData: keepPreviousData,
  });

/** How many step ids one question names. */
const STEPS_ASKED = 100;

/** What these steps asked of models, tools and vendors; asked again when `state`, the step's, is another one. */
export const useCalls = (id: string, steps: readonly string[], state: string) =>
  useQuery({
    queryKey: keys.calls(id, steps, state),
    queryFn: async () => {
      const query = { run_id: id, step_id: steps.slice(-STEPS_ASKED), limit: 200 };
      const [thought, made] = await Promise.all([
        got(api.GET("/v1/calls/ideation", { params: { query } })),
        got(api.GET("/v1/calls/producer", { params: { query } })),
      ]);
      return [...thought.items, ...made.items].sort((one, other) => one.started_at.localeCompare(other.started_at));
    },
    placeholderData: keepPreviousData,
  });

export const useWorkflows = () =>
  useQuery({
    queryKey: keys.workflows,
    queryFn: () => got(api.GET("/v1/workflows", { params: { query: {} } })),
    staleTime: 60_000,
  });

/** Which models may be asked for by name. */
export const useModels = () =>
  useQuery({ queryKey: keys.models, queryFn: () => got(api.GET("/v1/models")), staleTime: 60_000 });

export const useEstimate = (workflow: string, input: Record<string, unknown>, enabled: boolean) =>
  useQuery({
    queryKey: keys.estimate(workflow, input),
    queryFn: () => got(api.POST("/v1/runs/estimate", { body: { workflow, input } })),
    enabled,
    staleTime: 30_000,
    retry: false,
    placeholderData: keepPreviousData,
  });

/** What a run may still cost, from where it is to its end. Without a run nothing is asked. */
export const useRest = (id: string | null) =>
  useQuery({
    queryKey: keys.rest(id ?? ""),
    queryFn: () => got(api.GET("/v1/runs/{run_id}/estimate", { params: { path: { run_id: id ?? "" } } })),
    enabled: id !== null,
    staleTime: 30_000,
    retry: false,
  });

export interface NewRun {
  workflow: string;
  input: Record<string, unknown>;
  budget_usd?: string;
  visibility: "tenant" | "private";
  priority: Runs["Priority"];
  key: string;
}

/** Gives the key of what is filled in: the same until some of it changes, so that pressing twice starts one run. */
export function useOnceKey(): (...filled: unknown[]) => string {
  const last = useRef<{ filled: unknown[]; key: string } | null>(null);
  return (...filled) => {
    const known = last.current;
    if (known && filled.every((one, index) => one === known.filled[index])) return known.key;
    last.current = { filled, key: onceKey() };
    return last.current.key;
  };
}

/** Start a run. `key` stays the same for one filled-in form, so a second press starts nothing. */
export function useStart() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: ({ key, ...body }: NewRun) =>
      got(api.POST("/v1/runs", { body, params: { header: { "Idempotency-Key": key } } })),
    onSuccess: () => refreshRuns(cache),
  });
}

/** Pause, resume, cancel or retry one run. */
export function useControl(id: string) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (action: Exclude<Action, "terminate">) => {
      const at = { params: { path: { run_id: id } } };
      if (action === "pause") return got(api.POST("/v1/runs/{run_id}/pause", at));
      if (action === "resume") return got(api.POST("/v1/runs/{run_id}/resume", at));
      if (action === "cancel") return got(api.POST("/v1/runs/{run_id}/cancel", at));
      return got(api.POST("/v1/runs/{run_id}/retry", at));
    },
    onSettled: () => refreshRuns(cache, new Set([id])),
  });
}

export interface BulkOrder {
  action: Runs["BulkRequest"]["action"];
  ids: string[];
  fork?: Runs["ForkRequest"];
}

/** What it would do to each, and what it would change; nothing is done by asking. */
export const useBulkPreview = ({ action, ids, fork }: BulkOrder) =>
  useQuery({
    queryKey: keys.bulk(action, ids, fork),
    queryFn: () => got(api.POST("/v1/runs/bulk", { body: { action, dry_run: true, filter: { ids }, limit: Math.max(1, ids.length), fork } })),
    enabled: ids.length > 0,
    staleTime: Infinity,
    gcTime: 0,
    retry: false,
  });

/** The same for many at once: up to what one request takes; each answers for itself. */
export function useBulk() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: ({ action, ids, fork, key }: BulkOrder & { key?: string }) =>
      got(
        api.POST("/v1/runs/bulk", {
          body: { action, dry_run: false, filter: { ids }, limit: Math.max(1, ids.length), fork },
          params: { header: { "Idempotency-Key": key } },
        }),
      ),
    onSettled: (_answer, _error, { ids }) => refreshRuns(cache, new Set(ids)),
  });
}

export function useFork(id: string) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (body: Runs["ForkRequest"]) =>
      got(
        api.POST("/v1/runs/{run_id}/fork", {
          params: { path: { run_id: id }, header: { "Idempotency-Key": onceKey() } },
          body,
        }),
      ),
    onSuccess: () => refreshRuns(cache),
  });
}

/** Run → brief, of the newest runs that wait: what an item of the airlock is about. */
export function useBriefs(): ReadonlyMap<string, string> {
  const waiting = useRuns({ status: ["waiting"] }, 200).data;
  return useMemo(
    () => new Map(waiting?.pages.flatMap((page) => page.items.map((run) => [run.run_id, text(run.input.brief)] as const))),
    [waiting],
  );
}
