import { expect, it } from "vitest";
import { hashtagsIn, postWords, reworded } from "./post-words";

const HELD = { title: "Tides", caption: "Why the sea breathes.", hashtags: ["#tides", "#sea"] };

it("reads hashtags as people write them", () => {
  expect(hashtagsIn(" tides, #moon  ##sea #moon # ")).toEqual(["#tides", "#moon", "#sea"]);
  expect(hashtagsIn("")).toEqual([]);
});

it("sends what is other, and nothing when it is the same again", () => {
  expect(reworded(HELD, { ...HELD })).toBeNull();
  expect(reworded(HELD, { ...HELD, title: "Tides, told" })).toEqual({ title: "Tides, told" });
  expect(reworded(HELD, { ...HELD, hashtags: ["#sea", "#tides"], caption: "" })).toEqual({ caption: "", hashtags: ["#sea", "#tides"] });
  expect(postWords({ title: 7, hashtags: "none" })).toEqual({ title: "7", caption: "", hashtags: [] });
});
