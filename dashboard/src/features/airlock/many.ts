/** What deciding about several items sends, and what it lacks. Pure. */
import type { Decision, ItemDetail, ManyDecided } from "@/api/airlock";
import { lossesOf } from "./deciding";

/** By item, the codes of what is accepted with its approval. */
export type Ticks = Record<string, string[]>;

/** Those that may be decided like this: what a rule forbids cannot be approved, and what is closed is decided. */
const eligible = (details: readonly ItemDetail[], decision: Decision): ItemDetail[] =>
  details.filter(({ item, verdict }) => item.status === "open" && (decision !== "approved" || verdict.level !== "blocked"));

export const counted = (details: readonly ItemDetail[], decision: Decision, ticks: Ticks): ManyDecided["items"] =>
  eligible(details, decision).map(({ item }) => ({
    item_id: item.id,
    manifest_sha256: item.manifest_sha256,
    accepts_downgrades: decision === "approved" ? (ticks[item.id] ?? []) : [],
  }));

/** What is missing before it can be sent, in words; null when nothing is. */
export function lacking(details: readonly ItemDetail[], decision: Decision, ticks: Ticks, comment: string): string | null {
  const those = eligible(details, decision);
  if (!those.length) return decision === "approved" ? "None of them can be approved." : "None of them is open.";
  if (decision !== "approved") {
    const wantsReason = those.some(({ review }) => (review.require_reason ?? ["changes_requested", "rejected"]).includes(decision));
    return wantsReason && !comment.trim() ? "Say why." : null;
  }
  const unticked = those.some(({ item, downgrades }) => lossesOf(downgrades).some(({ code }) => !ticks[item.id]?.includes(code)));
  return unticked ? "Tick what you accept." : null;
}
