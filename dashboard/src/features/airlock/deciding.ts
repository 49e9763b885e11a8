import type { Item, ItemDetail } from "@/api/airlock";
import { useStandIns } from "@/api/others";
import { holds, type Me, type Role } from "@/api/session";
import { words } from "@/components/format";

/** Why this person cannot decide, in words; null when they can. The service decides all the same. */
export function whyNot(item: Pick<Item, "requested_by" | "reviewers" | "stage">, me: Me, places: readonly string[]): string | null {
  if (item.requested_by === me.user_id) return "You wrote the brief, so somebody else decides about it.";
  const roles = [...new Set([...item.stage.reviewers, ...item.reviewers])] as Role[];
  const named = item.stage.any_of.some((name) => name === me.user_id || (name !== item.requested_by && places.includes(name)));
  if (named || holds(me, ...roles)) return null;
  return `This is for ${[...roles.map(words), ...item.stage.any_of].join(" or ")}.`;
}

export interface Loss {
  code: string;
  details: string[];
}

/** What the run fell back to, by the code that an approval accepts it with. */
export function lossesOf(downgrades: ItemDetail["downgrades"]): Loss[] {
  const found = new Map<string, string[]>();
  for (const one of downgrades) found.set(one.code, [...(found.get(one.code) ?? []), one.detail]);
  return [...found].map(([code, details]) => ({ code, details }));
}

/** The people in whose place one decides now. */
export function usePlaces(me: Me | null | undefined): readonly string[] {
  const standIns = useStandIns().data ?? [];
  return standIns.filter((one) => one.stand_in === me?.user_id).map((one) => one.user_id);
}
