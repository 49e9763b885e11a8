import { expect, it } from "vitest";
import { type Asked, countOf, filterOf } from "./filter";

const NOTHING: Asked = { view: "list", state: "all", q: "", workflow: "", by: "", since: "", took: "" };
const NOON = new Date(2026, 10, 22, 12).getTime();

it("asks for all where nothing is said, and for the state only in a list", () => {
  expect(filterOf(NOTHING, NOON)).toEqual({});
  expect(filterOf({ ...NOTHING, state: "failed" }, NOON)).toEqual({ status: ["failed", "rejected"] });
  expect(filterOf({ ...NOTHING, state: "failed", view: "board", q: "t" }, NOON)).toEqual({});
});

it("counts back from midnight, so that a page asks the same all day", () => {
  const since = (word: Asked["since"], now: number) => filterOf({ ...NOTHING, since: word }, now).created_after;
  expect(since("today", NOON)).toBe(new Date(2026, 10, 22).toISOString());
  expect(since("week", NOON)).toBe(since("week", NOON + 3_600_000));
  expect(filterOf({ ...NOTHING, took: "hour", by: "ann", workflow: "short_video" }, NOON)).toEqual({ min_seconds: 3600, created_by: "ann", workflow: "short_video" });
  expect(countOf({ ...NOTHING, took: "hour", by: "ann" })).toBe(2);
});
