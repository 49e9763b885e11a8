import { expect, it } from "vitest";
import { onward } from "./onward";

const HERE = "https://studio.example";

it("goes on to what was wanted", () => {
  expect(onward("/airlock/7?tab=notes#top", HERE)).toBe("/airlock/7?tab=notes#top");
  expect(onward(`${HERE}/runs`, HERE)).toBe("/runs");
});

it("goes to no other site, and never round in circles", () => {
  const wrong = ["https://evil.example/runs", "//evil.example", "/\\evil.example", "/.//evil.example", "javascript:alert(1)", "data:text/html,hi", "http://[", "/sign-in?next=/runs", "", undefined, 7];
  expect(wrong.map((next) => onward(next, HERE))).toEqual(wrong.map(() => "/"));
});
