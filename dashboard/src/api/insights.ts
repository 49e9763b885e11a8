import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { api, got, type Runs } from "./client";
import { keys } from "./keys";

export type By = Runs["By"];
export type Costs = Runs["CostsAnswer"];
export type Funnel = Runs["FunnelAnswer"];
/** What it asks for is added up anew each time, so it is not asked for with every step of a run. */
const FRESH_MS = 60_000;

export const useCosts = (by: By, days: number, enabled: boolean) =>
  useQuery({
    queryKey: keys.costs({ by, days }),
    queryFn: () => got(api.GET("/v1/insights/costs", { params: { query: { by, days, limit: 12 } } })),
    enabled,
    staleTime: FRESH_MS,
    placeholderData: keepPreviousData,
  });

export const useFunnel = (workflow: string, days: number) =>
  useQuery({
    queryKey: keys.funnel({ workflow, days }),
    queryFn: () => got(api.GET("/v1/insights/funnel", { params: { query: { workflow, days } } })),
    staleTime: FRESH_MS,
    placeholderData: keepPreviousData,
  });

export const useWaits = (days: number) =>
  useQuery({
    queryKey: keys.waits(days),
    queryFn: () => got(api.GET("/v1/airlock/waiting", { params: { query: { days } } })),
    staleTime: FRESH_MS,
    placeholderData: keepPreviousData,
  });
