// @vitest-environment jsdom
import { plot } from "@observablehq/plot";
import { expect, it } from "vitest";
import { spentPlot, timeTicks, waitsPlot } from "./charts";
import { spentByDay } from "./days";

const NOW = Date.parse("2026-11-22T01:00:00Z");

it("draws a bar for each day, as high as what it cost", () => {
  const spent = spentByDay("2026-11-19T00:00:00Z", NOW, [{ name: "2026-11-20", cost_usd: "1.000000" }, { name: "2026-11-22", cost_usd: "4.000000" }]);
  const drawn = plot({ width: 600, ...spentPlot(spent, 600) });
  const heights = [...drawn.querySelectorAll('[aria-label="rect"] rect')].map((bar) => Number(bar.getAttribute("height")));
  expect(heights).toHaveLength(4);
  expect(heights[3]).toBeCloseTo(4 * (heights[1] ?? 0));
  expect(heights[0]).toBe(0);
});

it("draws a point for each day on which somebody decided, from nothing up", () => {
  const days = [{ day: "2026-11-19", decided: 3, median_ms: 60_000 }, { day: "2026-11-22", decided: 1, median_ms: 120_000 }];
  const drawn = plot({ width: 300, ...waitsPlot(days, 300) });
  expect(drawn.querySelectorAll('[aria-label="dot"] circle')).toHaveLength(2);
  expect(drawn.querySelectorAll('[aria-label="line"] path')).toHaveLength(1);
  expect([...drawn.querySelectorAll('[aria-label="y-axis tick label"] text')].map((one) => one.textContent)).toEqual(["0", "60 s", "2 min"]);
});

it("marks times that people say", () => {
  expect(timeTicks(10_800_000).map((ms) => ms / 3_600_000)).toEqual([0, 2, 4]);
  expect(timeTicks(3_000)).toEqual([0, 1000, 2000, 3000]);
  expect(timeTicks(0)).toEqual([0, 1000]);
});
