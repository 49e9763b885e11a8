import { describe, expect, it } from "vitest";
import type { Workflow } from "@/api/runs";
import { emptyInput, inputFrom, isShown, missing, told, wrongs } from "./inputs";

const NOW = Date.parse("2026-11-21T10:00:00Z");
const SQUARE = { width: 1080, height: 1080 };
const workflow = {
  name: "short_video",
  inputs: {
    brief: { type: "str", required: true, default: null },
    target_seconds: { type: "int", required: false, default: 20 },
    platforms: { type: "list[str]", required: false, default: ["local_feed"], choices: ["local_feed", "youtube"] },
    account: { type: "str", required: false, default: "" },
    formats: { type: "list[object]", required: false, default: [], choices: [SQUARE] },
    footage: { type: "list[object]", required: false, default: [] },
    speaker: { type: "object", required: false, default: {} },
    window: { type: "object", required: false, default: {} },
  },
} as unknown as Workflow;

describe("a brief's form", () => {
  it("begins with the defaults and knows what it lacks", () => {
    const given = emptyInput(workflow);
    expect(given.target_seconds).toBe(20);
    expect(missing(workflow, given)).toEqual(["brief"]);
    expect(missing(workflow, { ...given, brief: "   " })).toEqual(["brief"]);
    expect(missing(workflow, { ...given, brief: "Tides" })).toEqual([]);
    expect(inputFrom(workflow, { ...given, brief: "Tides" })).toEqual({ brief: "Tides" });
  });

  it("sends what was changed, as its type, and nothing else", () => {
    const given = { ...emptyInput(workflow), brief: " Tides ", target_seconds: "30", platforms: ["local_feed", "youtube"], formats: [SQUARE], speaker: { name: "Ana", role: "" }, other: "x" };
    expect(wrongs(workflow, given, NOW)).toEqual({});
    expect(inputFrom(workflow, given)).toEqual({ brief: "Tides", target_seconds: 30, platforms: ["local_feed", "youtube"], formats: [SQUARE], speaker: { name: "Ana" } });
    expect(inputFrom(workflow, { ...emptyInput(workflow), brief: "Tides", target_seconds: "" })).toEqual({ brief: "Tides" });
  });

  it("says what cannot be sent instead of sending something else", () => {
    const given = { ...emptyInput(workflow), brief: "Tides" };
    for (const written of ["many", "12.5", "1e", "20 s"]) {
      expect(Object.keys(wrongs(workflow, { ...given, target_seconds: written }, NOW))).toEqual(["target_seconds"]);
    }
    expect(wrongs(workflow, { ...given, target_seconds: " 12 " }, NOW)).toEqual({});
    expect(wrongs(workflow, { ...given, speaker: { name: " ", role: "Diver" } }, NOW)).toEqual({ speaker: "A role needs a name." });
    expect(Object.keys(wrongs(workflow, { ...given, footage: [{ upload: "", scene: 0 }] }, NOW))).toEqual(["footage"]);
  });

  it("takes a time to go out that is still to come, and leaves out an end that was taken back", () => {
    const given = { ...emptyInput(workflow), brief: "Tides" };
    const [noon, evening] = ["2026-11-21T12:00:00Z", "2026-11-21T18:00:00Z"];
    const wrong = (window: object) => wrongs(workflow, { ...given, window }, NOW).window;
    expect([wrong({}), wrong({ not_before: noon, not_after: evening }), wrong({ not_before: "2026-11-20T12:00:00Z" })]).toEqual([undefined, undefined, undefined]);
    expect(wrong({ not_before: evening, not_after: noon })).toBe("It ends before it begins.");
    expect(wrong({ not_after: "2026-11-21T09:00:00Z" })).toBe("It is over already, so nothing could go out.");
    expect(inputFrom(workflow, { ...given, window: { not_before: noon, not_after: "" } })).toEqual({ brief: "Tides", window: { not_before: noon } });
    expect(inputFrom(workflow, { ...given, window: { not_before: "", not_after: "" } })).toEqual({ brief: "Tides" });
  });

  it("shows a field for all but what nobody could fill in", () => {
    const shown = Object.entries(workflow.inputs).filter(([name, input]) => isShown(name, input as never));
    expect(shown.map(([name]) => name)).toEqual(["brief", "target_seconds", "platforms", "account", "formats", "footage", "speaker", "window"]);
    expect([told(SQUARE), told({ width: 1080, height: 1920 }), told("local_feed")]).toEqual(["1080 × 1080, square", "1080 × 1920, upright", "local feed"]);
  });
});
