import type { Look } from "./tone";

/** States of steps as the engine names them; one that is new shows its own name. */
const STATES: Record<string, Look> = {
  idle: { label: "To come", tone: "idle", says: "Its turn has not come." },
  ordered: { label: "Running", tone: "work", says: "It was handed to an agent." },
  retrying: { label: "Trying again", tone: "wait", says: "It failed, and is tried again after a pause." },
  pending: { label: "At the vendor", tone: "work", says: "A vendor works on it." },
  open: { label: "In review", tone: "wait", says: "A person has to decide." },
  waiting: { label: "Waiting", tone: "work", says: "It waits for what was started before." },
  active: { label: "Running", tone: "work", says: "Its parts are at work." },
  done: { label: "Done", tone: "go", says: "It is done." },
  skipped: { label: "Skipped", tone: "idle", says: "Its condition was not met." },
  timed_out: { label: "Timed out", tone: "stop", says: "It took longer than it may." },
  failed: { label: "Failed", tone: "stop", says: "It failed for good." },
  cancelled: { label: "Cancelled", tone: "idle", says: "It was stopped." },
};

export const stepLook = (state: string): Look => STATES[state] ?? { label: state, tone: "work", says: "" };
