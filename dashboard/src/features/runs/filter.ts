/** Which runs a page's address asks for. Pure, so that the tests can say what now is. */
import type { RunFilter, RunState } from "@/api/runs";

const DAY_MS = 86_400_000;

export const SAID = {
  view: ["list", "board"],
  state: ["all", "active", "waiting", "failed", "done"],
  q: "",
  workflow: "",
  by: "",
  since: ["", "today", "week", "month"],
  took: ["", "minute", "longer", "hour", "day"],
} as const;

export interface Asked {
  view: (typeof SAID.view)[number];
  state: (typeof SAID.state)[number];
  q: string;
  workflow: string;
  by: string;
  since: (typeof SAID.since)[number];
  took: (typeof SAID.took)[number];
}

const GROUPS: Record<Asked["state"], RunState[] | undefined> = {
  all: undefined,
  active: ["pending", "running", "paused"],
  waiting: ["waiting"],
  failed: ["failed", "rejected"],
  done: ["completed", "cancelled"],
};
const DAYS_BACK: Record<Exclude<Asked["since"], "">, number> = { today: 0, week: 7, month: 30 };
const TOOK: Record<Asked["took"], Pick<RunFilter, "min_seconds" | "max_seconds">> = {
  "": {},
  minute: { max_seconds: 60 },
  longer: { min_seconds: 60 },
  hour: { min_seconds: 3600 },
  day: { min_seconds: 86_400 },
};

/** What the services are asked for. A board shows every state; a word is two letters at least. */
export function filterOf(asked: Asked, now: number): RunFilter {
  const status = asked.view === "list" ? GROUPS[asked.state] : undefined;
  return {
    ...(status && { status }),
    ...(asked.q.length > 1 && { q: asked.q }),
    ...(asked.workflow && { workflow: asked.workflow }),
    ...(asked.by && { created_by: asked.by }),
    ...(asked.since && { created_after: new Date(new Date(now).setHours(0, 0, 0, 0) - DAYS_BACK[asked.since] * DAY_MS).toISOString() }),
    ...TOOK[asked.took],
  };
}

/** How many filters are set, besides the words and the state. */
export const countOf = (asked: Asked): number => [asked.workflow, asked.by, asked.since, asked.took].filter(Boolean).length;
