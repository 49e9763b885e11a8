/** One screenplay: have it written, follow how that goes by the run's own events, and stop it. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useMemo, useRef } from "react";
import { api, got } from "@/api/client";
import { refreshRuns } from "@/api/lists";
import { type Happening, useFollow } from "@/api/live";
import { type Run, type Step, useHistory, useRun, useRunState, useStart } from "@/api/runs";
import { ACTIONS, isOver } from "@/status/run";
import { type Asked, inputOf } from "./form";
import { type Written, writtenBy } from "./read";

export interface Screenplaying {
  /** What there is of it; null before the outline is written. */
  data: Written | null;
  /** Something is on its way: the order, or the outline. */
  loading: boolean;
  /** Why it was not begun, cannot be had, or was not written. */
  error: Error | null;
  run: Run | undefined;
  steps: Step[];
  /** The newest thing that happened to the run. */
  newest: Happening | undefined;
  /** Have it written. → the run's id; null when it was refused, or cancelled meanwhile. The same key starts one run. */
  write: (asked: Asked, key: string) => Promise<string | null>;
  /** Stop it, also when it is only being ordered; null when there is nothing to stop. */
  cancel: (() => void) | null;
}

export function useScreenplay(id: string | null): Screenplaying {
  const cache = useQueryClient();
  const start = useStart();
  const unwanted = useRef(false);
  const stop = useMutation({
    mutationFn: (run: string) => got(api.POST("/v1/runs/{run_id}/cancel", { params: { path: { run_id: run } } })),
    onSettled: (_answer, _error, run) => refreshRuns(cache, new Set([run])),
  });
  const asked = useRun(id ?? "");
  const state = useRunState(id ?? "");
  const history = useHistory(id ?? "");
  const newest = history.data?.at(-1);
  useFollow(id ?? "", newest?.seq);
  const run = asked.data;
  const steps = useMemo(() => state.data?.steps.filter((step) => !step.id.includes(".")) ?? [], [state.data]);
  const data = useMemo(() => writtenBy(run, steps), [run, steps]);

  const write = async (what: Asked, key: string): Promise<string | null> => {
    unwanted.current = false;
    try {
      const started = await start.mutateAsync({ workflow: "screenplay", input: inputOf(what), visibility: "tenant", priority: "medium", key });
      if (!unwanted.current) return started.run_id;
      stop.mutate(started.run_id);
    } catch {
      // It is in `error`.
    }
    return null;
  };
  const canStop = run !== undefined && ACTIONS[run.state as keyof typeof ACTIONS]?.includes("cancel");
  const failed = run?.error ? new Error(run.error.detail) : null;
  const over = run !== undefined && isOver(run.state);
  return {
    data,
    loading: start.isPending || (id !== null && !over && !data && !asked.error && !state.error),
    error: start.error ?? stop.error ?? asked.error ?? (data ? null : state.error) ?? failed,
    run,
    steps,
    newest,
    write,
    cancel: start.isPending ? () => void (unwanted.current = true) : canStop && id ? () => stop.mutate(id) : null,
  };
}
