import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type Airlock, api, got, onceKey } from "./client";
import { keys } from "./keys";
import { refreshRuns } from "./lists";

export type Item = Airlock["ItemSummary"];
export type ItemDetail = Airlock["ItemDetail"];
export type ItemStatus = Airlock["ItemStatus"];
export type Finding = Airlock["Finding"];
export type Note = Airlock["NoteView"];
export type Decision = Airlock["Decision"];
export type Order = Airlock["Order"];

const PAGE = 50;
const of = (id: string) => ({ params: { path: { item_id: id } } });

export const useQueue = (status: ItemStatus | undefined, order: Order) =>
  useInfiniteQuery({
    queryKey: keys.queue({ status, order }),
    queryFn: ({ pageParam }) =>
      got(api.GET("/v1/airlock/items", { params: { query: { status, order, limit: PAGE, cursor: pageParam } } })),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    staleTime: 5_000,
  });

export const useAirlockStats = () =>
  useQuery({ queryKey: keys.airlockStats, queryFn: () => got(api.GET("/v1/airlock/stats")), staleTime: 10_000 });

export const useItem = (id: string) =>
  useQuery({ queryKey: keys.item(id), queryFn: () => got(api.GET("/v1/airlock/items/{item_id}", of(id))) });

/** Several items as they are held now, in this order. */
export const useItems = (ids: readonly string[]) =>
  useQuery({
    queryKey: keys.items(ids),
    queryFn: () => Promise.all(ids.map((id) => got(api.GET("/v1/airlock/items/{item_id}", of(id))))),
    staleTime: Infinity,
    gcTime: 0,
  });

export const useNotes = (id: string) =>
  useQuery({
    queryKey: keys.notes(id),
    queryFn: () =>
      got(api.GET("/v1/airlock/items/{item_id}/notes", { params: { path: { item_id: id }, query: { limit: 200 } } })),
  });

export const useChanges = (id: string, manifest: string, enabled: boolean) =>
  useQuery({
    queryKey: keys.changes(id, manifest),
    queryFn: () =>
      got(api.GET("/v1/airlock/items/{item_id}/changes", { params: { path: { item_id: id }, query: { since: "last" } } })),
    enabled,
    staleTime: Infinity,
  });

export const useRework = (id: string, enabled: boolean) =>
  useQuery({
    queryKey: keys.rework(id),
    queryFn: () => got(api.GET("/v1/airlock/items/{item_id}/rework", of(id))),
    enabled,
  });

/** How loud a film that is held is; the same bytes always sound the same. */
export const useSound = (id: string, video: string) =>
  useQuery({
    queryKey: keys.sound(video),
    queryFn: () => got(api.GET("/v1/airlock/items/{item_id}/sound", of(id))),
    staleTime: Infinity,
  });

export function useWriteNote(id: string) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (body: Airlock["NoteBody"]) =>
      got(
        api.POST("/v1/airlock/items/{item_id}/notes", {
          params: { path: { item_id: id }, header: { "idempotency-key": onceKey() } },
          body,
        }),
      ),
    onSettled: () => cache.invalidateQueries({ queryKey: keys.item(id) }),
  });
}

/** Say one's own note otherwise. `note` is what was seen: when it changed meanwhile, the service says so. */
export function useEditNote(id: string, note: Note) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (text: string) => {
      const { span, region, path, version } = note;
      const where = { ...(span && { frame: span.frame, end_frame: span.end_frame, region }), path };
      const stage = note.stage_is_guess ? null : note.stage;
      return got(
        api.PUT("/v1/airlock/items/{item_id}/notes/{note_id}", {
          params: { path: { item_id: id, note_id: note.id } },
          body: { text, ...where, stage, version },
        }),
      );
    },
    onSettled: () => cache.invalidateQueries({ queryKey: keys.item(id) }),
  });
}

export function useReply(id: string, note: string) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (text: string) =>
      got(api.POST("/v1/airlock/items/{item_id}/notes/{note_id}/replies", { params: { path: { item_id: id, note_id: note } }, body: { text } })),
    onSettled: () => cache.invalidateQueries({ queryKey: keys.item(id) }),
  });
}

/** Resolve a note, open it again, or take one's own back. */
export function useSettleNote(id: string) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: ({ note, to }: { note: string; to: "resolve" | "reopen" | "withdraw" }) => {
      const at = { params: { path: { item_id: id, note_id: note } } };
      if (to === "withdraw") return got(api.POST("/v1/airlock/items/{item_id}/notes/{note_id}/withdraw", at));
      if (to === "reopen") return got(api.POST("/v1/airlock/items/{item_id}/notes/{note_id}/reopen", at));
      return got(api.POST("/v1/airlock/items/{item_id}/notes/{note_id}/resolve", at));
    },
    onSettled: () => cache.invalidateQueries({ queryKey: keys.item(id) }),
  });
}

/** Decide on exactly the bytes that were looked at: their hash goes along, and another content is a 409. */
export function useDecide(id: string) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (body: { decision: Decision; comment: string; manifest_sha256: string; accepts_downgrades: string[]; data?: Record<string, unknown> }) =>
      got(api.POST("/v1/airlock/items/{item_id}/decision", { ...of(id), body })),
    onSettled: () => {
      void cache.invalidateQueries({ queryKey: keys.airlock });
      void refreshRuns(cache);
    },
  });
}

export interface ManyDecided {
  decision: Decision;
  comment: string;
  items: { item_id: string; manifest_sha256: string; accepts_downgrades: string[] }[];
}

/** Decide on several, each on exactly the bytes that were looked at and each with an answer of its own. */
export function useDecideMany() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: ({ key, ...body }: ManyDecided & { key: string }) =>
      got(api.POST("/v1/airlock/items/bulk-decision", { params: { header: { "idempotency-key": key } }, body })),
    onSettled: () => {
      void cache.invalidateQueries({ queryKey: keys.airlock });
      void refreshRuns(cache);
    },
  });
}

/** Say that one has looked at what is held now; the next look shows what is other since. */
export const useSaw = (id: string) =>
  useMutation({
    mutationFn: (manifest: string) =>
      got(api.POST("/v1/airlock/items/{item_id}/seen", { ...of(id), body: { manifest_sha256: manifest } })),
  });

export function useClaim(id: string) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (take: boolean) =>
      take
        ? got(api.PUT("/v1/airlock/items/{item_id}/claim", { ...of(id), body: { take_over: false } }))
        : got(api.DELETE("/v1/airlock/items/{item_id}/claim", of(id))),
    onSettled: () => cache.invalidateQueries({ queryKey: keys.airlock }),
  });
}

/** Keep an item in, with a reason that everybody sees; with null let it go out again. */
export function useHold(id: string) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (reason: string | null) =>
      reason === null
        ? got(api.DELETE("/v1/airlock/items/{item_id}/hold", of(id)))
        : got(api.POST("/v1/airlock/items/{item_id}/hold", { ...of(id), body: { reason } })),
    onSettled: () => cache.invalidateQueries({ queryKey: keys.airlock }),
  });
}

export type GuestLink = Airlock["LinkView"];
export type Grant = Airlock["Grant"];

/** The links by which people without an account see an item; an item has few. */
export const useLinks = (id: string, enabled: boolean) =>
  useQuery({
    queryKey: keys.links(id),
    queryFn: () => got(api.GET("/v1/airlock/items/{item_id}/links", { params: { path: { item_id: id }, query: { limit: 200 } } })),
    enabled,
  });

/** Make a link. Its address is in the answer, and never told again. */
export function useMakeLink(id: string) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (body: { person: string; may: Grant[]; expires_in: number; uses: number }) =>
      got(api.POST("/v1/airlock/items/{item_id}/links", { ...of(id), body })),
    onSettled: () => cache.invalidateQueries({ queryKey: keys.links(id) }),
  });
}

export function useRevokeLink(id: string) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (link: string) =>
      got(api.DELETE("/v1/airlock/items/{item_id}/links/{link_id}", { params: { path: { item_id: id, link_id: link } } })),
    onSettled: () => cache.invalidateQueries({ queryKey: keys.links(id) }),
  });
}

export const useKill = () =>
  useQuery({ queryKey: keys.kill, queryFn: () => got(api.GET("/v1/airlock/kill")), refetchInterval: 30_000 });

export function useSetKill() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (reason: string | null) =>
      reason === null ? got(api.DELETE("/v1/airlock/kill")) : got(api.PUT("/v1/airlock/kill", { body: { reason } })),
    onSettled: () => cache.invalidateQueries({ queryKey: keys.kill }),
  });
}
