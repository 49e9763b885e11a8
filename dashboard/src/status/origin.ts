import type { Runs } from "@/api/client";
import type { Look } from "./tone";

/** Who made the bytes. */
export const ORIGIN_LOOKS: Record<Runs["Origin"], Look> = {
  real: { label: "Real", tone: "go", says: "A vendor or a program of ours made it for real." },
  sandbox: { label: "Sandbox", tone: "idle", says: "The sandbox of vendors made it: it is for trying things out." },
  offline: { label: "Offline stand-in", tone: "idle", says: "Rules and local programs made it, not a model of a vendor." },
  upload: { label: "Uploaded", tone: "work", says: "Somebody brought it, and said under which licence." },
};
