import { describe, expect, it } from "vitest";
import type { Workflow } from "@/api/runs";
import { emptyInput, inputFrom, missing } from "./inputs";

const workflow = {
  name: "short_video",
  inputs: {
    brief: { type: "str", required: true, default: null },
    target_seconds: { type: "int", required: false, default: 20 },
    platforms: { type: "list[str]", required: false, default: ["local_feed"] },
    account: { type: "str", required: false, default: "" },
  },
} as unknown as Workflow;

describe("a brief's form", () => {
  it("begins with the defaults and knows what it lacks", () => {
    const given = emptyInput(workflow);
    expect(given.target_seconds).toBe(20);
    expect(missing(workflow, given)).toEqual(["brief"]);
    expect(missing(workflow, { ...given, brief: "   " })).toEqual(["brief"]);
    expect(missing(workflow, { ...given, brief: "Tides" })).toEqual([]);
  });

  it("sends what was changed, as its type, and nothing else", () => {
    const given = { ...emptyInput(workflow), brief: " Tides ", target_seconds: "30", platforms: "local_feed, youtube", other: "x" };
    expect(inputFrom(workflow, given)).toEqual({ brief: "Tides", target_seconds: 30, platforms: ["local_feed", "youtube"] });
    expect(inputFrom(workflow, { ...emptyInput(workflow), brief: "Tides", target_seconds: "many" })).toEqual({ brief: "Tides" });
  });
});
