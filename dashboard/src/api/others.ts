/** The smaller resources: posts, films, rules, the record, services, people. */
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type Airlock, api, got, onceKey, type People, type Runs } from "./client";
import { keys } from "./keys";

const first = null as string | null;

export const usePosts = () =>
  useInfiniteQuery({
    queryKey: keys.posts,
    queryFn: ({ pageParam }) => got(api.GET("/v1/posts", { params: { query: { limit: 50, cursor: pageParam } } })),
    initialPageParam: first,
    getNextPageParam: (page) => page.next_cursor,
  });

export const useLibrary = (query: string) =>
  useInfiniteQuery({
    queryKey: keys.library(query),
    queryFn: ({ pageParam }) =>
      got(api.GET("/v1/library", { params: { query: { limit: 30, cursor: pageParam, query: query || null } } })),
    initialPageParam: first,
    getNextPageParam: (page) => page.next_cursor,
  });

export interface AssetFilter {
  kind?: Runs["AssetKind"];
  origin?: Runs["Origin"];
  q?: string;
}

/** What all runs made, the newest first. */
export const useAssets = (filter: AssetFilter) =>
  useInfiniteQuery({
    queryKey: keys.assets(filter),
    queryFn: ({ pageParam }) => got(api.GET("/v1/artifacts", { params: { query: { ...filter, limit: 60, cursor: pageParam } } })),
    initialPageParam: first,
    getNextPageParam: (page) => page.next_cursor,
  });

export const usePolicies = () => useQuery({ queryKey: keys.policies, queryFn: () => got(api.GET("/v1/policies")) });
export const usePack = (pack: string) =>
  useQuery({
    queryKey: keys.pack(pack),
    queryFn: () => got(api.GET("/v1/policies/{pack}", { params: { path: { pack } } })),
    enabled: !!pack,
  });

export function useSwitchPack() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: ({ pack, number }: { pack: string; number: number | null }) =>
      number === null
        ? got(api.POST("/v1/policies/{pack}/deactivate", { params: { path: { pack } } }))
        : got(api.POST("/v1/policies/{pack}/activate", { params: { path: { pack } }, body: { number: number || null } })),
    onSettled: () => cache.invalidateQueries({ queryKey: keys.policies }),
  });
}

export interface AuditFilter {
  actor?: string;
  action?: string;
  q?: string;
  from?: string;
}

/** The record's entries, the newest first. */
export const useAudit = (filter: AuditFilter) =>
  useInfiniteQuery({
    queryKey: keys.audit(filter),
    queryFn: ({ pageParam }) => got(api.GET("/v1/audit", { params: { query: { ...filter, order: "newest", limit: 100, cursor: pageParam } } })),
    initialPageParam: first,
    getNextPageParam: (page) => page.next_cursor,
  });

export const useChain = () =>
  useQuery({ queryKey: keys.chain, queryFn: () => got(api.GET("/v1/audit/verify")), staleTime: 60_000 });

export const useServices = () =>
  useQuery({ queryKey: keys.services, queryFn: () => got(api.GET("/v1/services")), refetchInterval: 5_000 });

/** How long the queues between services are; for operators of the installation. */
export const useQueues = () =>
  useQuery({ queryKey: keys.queues, queryFn: () => got(api.GET("/v1/services/queues")), refetchInterval: 5_000 });

/** What the last drills found; for operators of the installation. */
export const useDrills = () =>
  useQuery({ queryKey: keys.drills, queryFn: () => got(api.GET("/admin/drills", { params: { query: { limit: 10 } } })), staleTime: 60_000 });

export const useLetters = (state: Runs["LetterState"]) =>
  useInfiniteQuery({
    queryKey: keys.letters(state),
    queryFn: ({ pageParam }) =>
      got(api.GET("/admin/dlq", { params: { query: { state, limit: 50, cursor: pageParam } } })),
    initialPageParam: first,
    getNextPageParam: (page) => page.next_cursor,
  });

export function useHandleLetter() {
  const cache = useQueryClient();
  return useMutation({
    /** Sent once more, or marked as needing nothing, which takes a reason. */
    mutationFn: (what: { id: string; redrive: true } | { id: string; redrive: false; note: string }) => {
      const params = { path: { letter_id: what.id } };
      return what.redrive
        ? got(api.POST("/admin/dlq/{letter_id}/replay", { params }))
        : got(api.POST("/admin/dlq/{letter_id}/resolve", { params, body: { note: what.note } }));
    },
    onSettled: () => cache.invalidateQueries({ queryKey: ["letters"] }),
  });
}

export const useBudgets = (enabled = true) =>
  useQuery({ queryKey: keys.budgets, queryFn: () => got(api.GET("/v1/budgets")), enabled });
export const useLimits = () => useQuery({ queryKey: keys.limits, queryFn: () => got(api.GET("/v1/limits")) });

export function useSetLimit() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (body: Runs["LimitRequest"]) => got(api.PUT("/v1/limits", { body })),
    onSettled: () => {
      void cache.invalidateQueries({ queryKey: keys.limits });
      void cache.invalidateQueries({ queryKey: keys.budgets });
    },
  });
}

export function useRemoveLimit() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (kind: Runs["LimitKind"]) => got(api.DELETE("/v1/limits", { params: { query: { kind } } })),
    onSettled: () => {
      void cache.invalidateQueries({ queryKey: keys.limits });
      void cache.invalidateQueries({ queryKey: keys.budgets });
    },
  });
}

export const usePeople = () =>
  useQuery({
    queryKey: keys.people,
    queryFn: async () => (await got(api.GET("/v1/users", { params: { query: { limit: 200 } } }))).items,
  });

export function useSavePerson() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: ({ id, ...change }: { id: string } & People["UserChange"]) =>
      got(api.PATCH("/v1/users/{user_id}", { params: { path: { user_id: id } }, body: change })),
    onSettled: () => cache.invalidateQueries({ queryKey: keys.people }),
  });
}

export function useAddPerson() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (body: People["NewUser"]) => got(api.POST("/v1/users", { body })),
    onSettled: () => cache.invalidateQueries({ queryKey: keys.people }),
  });
}

/** The roles of one's own: names for some of the built-in ones. */
export const useRoles = () =>
  useQuery({ queryKey: keys.roles, queryFn: async () => (await got(api.GET("/v1/roles"))).custom });

export function useSaveRole() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: ({ name, ...body }: { name: string } & People["RoleChange"]) =>
      got(api.PUT("/v1/roles/{name}", { params: { path: { name } }, body })),
    onSettled: () => cache.invalidateQueries({ queryKey: keys.roles }),
  });
}

export function useRemoveRole() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (name: string) => got(api.DELETE("/v1/roles/{name}", { params: { path: { name } } })),
    onSettled: () => cache.invalidateQueries({ queryKey: keys.roles }),
  });
}

export const useSignInLink = () =>
  useMutation({ mutationFn: (user_id: string | null) => got(api.POST("/v1/sign-in-links", { body: { user_id } })) });

export const useApiKeys = () =>
  useQuery({
    queryKey: keys.apiKeys,
    queryFn: async () => (await got(api.GET("/v1/keys", { params: { query: { limit: 200 } } }))).items,
  });

export function useMakeKey() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (body: People["NewKey"]) => got(api.POST("/v1/keys", { body })),
    onSettled: () => cache.invalidateQueries({ queryKey: keys.apiKeys }),
  });
}

export function useRevokeKey() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => got(api.DELETE("/v1/keys/{key_id}", { params: { path: { key_id: id } } })),
    onSettled: () => cache.invalidateQueries({ queryKey: keys.apiKeys }),
  });
}

export const useStandIns = () =>
  useQuery({ queryKey: keys.standIns, queryFn: () => got(api.GET("/v1/airlock/stand-ins")) });

export function useStandIn() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (body: Airlock["StandInBody"]) => got(api.PUT("/v1/airlock/stand-in", { body })),
    onSettled: () => cache.invalidateQueries({ queryKey: keys.standIns }),
  });
}

export function useEndStandIn() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: () => got(api.DELETE("/v1/airlock/stand-in")),
    onSettled: () => cache.invalidateQueries({ queryKey: keys.standIns }),
  });
}

export const useSetPassword = () =>
  useMutation({ mutationFn: (body: People["PasswordChange"]) => got(api.PUT("/v1/me/password", { body })) });

export type Pack = Airlock["PackView"];
export const once = onceKey;
