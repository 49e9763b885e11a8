import type { Item } from "@/api/airlock";
import { holds, type Me, type Role } from "@/api/session";
import { words } from "@/components/format";

/** Why this person cannot decide, in words; null when they can. The service decides all the same. */
export function whyNot(item: Pick<Item, "requested_by" | "reviewers" | "stage">, me: Me): string | null {
  if (item.requested_by === me.user_id) return "You wrote the brief, so somebody else decides about it.";
  const roles = [...new Set([...item.stage.reviewers, ...item.reviewers])] as Role[];
  if (!holds(me, ...roles) && !item.stage.any_of.includes(me.user_id)) return `This is for ${roles.map(words).join(" or ")}.`;
  return null;
}
