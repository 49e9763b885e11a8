import type { Run, RunState } from "@/api/runs";
import { title } from "@/components/format";
import type { Look } from "./tone";

export const RUN_STATES: Record<RunState, Look> = {
  pending: { label: "Queued", tone: "idle", says: "It starts as soon as there is room." },
  running: { label: "Running", tone: "work", says: "Agents are at work." },
  waiting: { label: "Waiting", tone: "wait", says: "It waits, for people or for a vendor." },
  paused: { label: "Paused", tone: "idle", says: "Nothing new begins until somebody resumes it." },
  completed: { label: "Completed", tone: "go", says: "All steps are done." },
  failed: { label: "Failed", tone: "stop", says: "A step failed for good; it can be retried." },
  rejected: { label: "Rejected", tone: "stop", says: "Somebody said no at a gate." },
  cancelled: { label: "Cancelled", tone: "idle", says: "Somebody stopped it." },
};

/** Statuses that steps show instead of the state (`shows_as`), in words. */
const SHOWN: Record<string, Look> = {
  awaiting_ideation_approval: { label: "Ideas to review", tone: "wait", says: "Somebody has to choose an idea." },
  awaiting_script_approval: { label: "Script to review", tone: "wait", says: "Somebody has to read the script." },
  awaiting_publish_approval: { label: "Film to review", tone: "wait", says: "Somebody has to look at the film." },
  awaiting_screenplay_approval: { label: "Screenplay to review", tone: "wait", says: "Somebody has to read the screenplay." },
  awaiting_video_generation: { label: "Making clips", tone: "work", says: "The shots are being filmed." },
  awaiting_render: { label: "Rendering", tone: "work", says: "The film is being cut." },
};

export function runLook(run: Pick<Run, "state" | "status">): Look {
  const shown = SHOWN[run.status];
  if (shown && run.state === "waiting") return shown;
  const state = RUN_STATES[run.state as RunState] ?? { label: title(run.status), tone: "idle", says: "" };
  // A workflow of somebody's own shows statuses that we have no words for.
  return run.status !== run.state && !shown ? { ...state, label: title(run.status) } : state;
}

export const isOver = (state: string): boolean => ["completed", "failed", "rejected", "cancelled"].includes(state);

/** What may be done in which state; the service says no all the same if it has changed since. */
export const ACTIONS: Record<RunState, readonly ("pause" | "resume" | "cancel" | "retry")[]> = {
  pending: ["pause", "cancel"],
  running: ["pause", "cancel"],
  waiting: ["pause", "cancel"],
  paused: ["resume", "cancel"],
  completed: [],
  failed: ["retry"],
  rejected: [],
  cancelled: [],
};
