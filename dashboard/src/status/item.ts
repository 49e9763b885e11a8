import type { Item, ItemStatus } from "@/api/airlock";
import type { Airlock, Posts, Runs } from "@/api/client";
import type { Look } from "./tone";

export const ITEM_STATUSES: Record<ItemStatus, Look> = {
  open: { label: "Open", tone: "wait", says: "Somebody has to decide." },
  approved: { label: "Approved", tone: "go", says: "Exactly these bytes may go on." },
  changes_requested: { label: "Changes asked for", tone: "work", says: "What the notes name is done again." },
  rejected: { label: "Rejected", tone: "stop", says: "It goes no further." },
  expired: { label: "Expired", tone: "stop", says: "Nobody decided in time, and time never approves." },
  withdrawn: { label: "Withdrawn", tone: "idle", says: "Its run took it back." },
  releasing: { label: "Going out", tone: "work", says: "It is on its way to a platform." },
  released: { label: "Released", tone: "go", says: "It went out." },
  release_failed: { label: "Release failed", tone: "stop", says: "It was approved, and did not go out." },
};

export const VERDICTS: Record<Airlock["VerdictLevel"], Look> = {
  allowed: { label: "Checks passed", tone: "go", says: "No rule has anything against it." },
  needs_review: { label: "Look closely", tone: "wait", says: "Checks found something a person has to judge." },
  blocked: { label: "Blocked", tone: "stop", says: "A rule forbids it; it cannot be approved like this." },
};

export const NOTE_STATES: Record<Airlock["NoteState"], Look> = {
  open: { label: "Open", tone: "wait", says: "It goes with the next request for changes." },
  requested: { label: "Being worked on", tone: "work", says: "Asked for; the stage is doing it again." },
  addressed: { label: "Done again", tone: "go", says: "Look, then resolve it or open it again." },
  resolved: { label: "Resolved", tone: "idle", says: "Somebody said that it is good." },
  withdrawn: { label: "Withdrawn", tone: "idle", says: "Who wrote it took it back." },
};

export const POST_STATES: Record<Posts["PostState"], Look> = {
  preparing: { label: "Preparing", tone: "work", says: "Nothing has been sent yet." },
  finishing: { label: "Going out", tone: "work", says: "The platform has it; it is not seen in public yet." },
  public: { label: "Public", tone: "go", says: "It was seen in public." },
  unconfirmed: { label: "Unconfirmed", tone: "wait", says: "Nobody knows yet whether it is public. It is looked at, never sent again." },
  failed: { label: "Failed", tone: "stop", says: "It did not go out." },
};

export const LETTER_STATES: Record<Runs["LetterState"], Look> = {
  open: { label: "Open", tone: "stop", says: "Nobody has handled it yet." },
  redriven: { label: "Sent again", tone: "work", says: "It was handed out once more." },
  resolved: { label: "Resolved", tone: "idle", says: "Somebody decided that it needs nothing more." },
};

/** How warm an item is: how much of the time until it is due is over. */
export const heatTone = (item: Pick<Item, "heat" | "overdue">): Look["tone"] =>
  item.overdue ? "stop" : item.heat >= 60 ? "wait" : "idle";
export const riskTone = (risk: number): Look["tone"] => (risk >= 60 ? "stop" : risk >= 25 ? "wait" : "idle");
