import { describe, expect, it } from "vitest";
import { daysOf, percent, spentByDay } from "./days";

const SINCE = "2026-11-20T00:00:00Z";
const NOW = Date.parse("2026-11-22T01:00:00Z");

describe("days of a period", () => {
  it("has each day once, today among them", () => {
    expect(daysOf(SINCE, NOW).map((day) => day.toISOString().slice(0, 10))).toEqual(["2026-11-20", "2026-11-21", "2026-11-22"]);
  });

  it("shows a day without cost as nothing", () => {
    const spent = spentByDay(SINCE, NOW, [{ name: "2026-11-21", cost_usd: "1.250000" }, { name: "2026-01-01", cost_usd: "9.000000" }]);
    expect(spent.map((one) => one.usd)).toEqual([0, 1.25, 0]);
  });

  it("is not divided by nobody", () => {
    expect(percent(0, 0)).toBe("0 %");
    expect(percent(1, 3)).toBe("33 %");
  });
});
