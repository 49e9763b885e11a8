import { describe, expect, it } from "vitest";
import { frameAt, frameToMs, secondsOf } from "./content";

describe("frames", () => {
  for (const fps of [23.976, 24, 25, 29.97, 30, 50, 59.94, 60]) {
    it(`goes to a frame's time and back at ${fps} frames a second`, () => {
      const frames = Math.round(fps * 120);
      for (let frame = 0; frame < frames; frame += 1) expect(frameAt(secondsOf(frame, fps), fps, frames)).toBe(frame);
    });
  }

  it("stays inside of the film", () => {
    expect(frameAt(-1, 30, 600)).toBe(0);
    expect(frameAt(99, 30, 600)).toBe(599);
  });

  it("says milliseconds of a frame", () => expect(frameToMs(222, 30)).toBe(7400));
});
