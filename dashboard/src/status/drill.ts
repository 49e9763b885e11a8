import type { Runs } from "@/api/client";
import type { Look } from "./tone";

export const drillLook = (drill: Pick<Runs["DrillAnswer"], "passed">): Look =>
  drill.passed
    ? { label: "Held", tone: "go", says: "Nothing was lost, repeated or stuck, and the audit record verified." }
    : { label: "Failed", tone: "stop", says: "Something was lost, repeated or stuck, or the audit record did not verify." };
