import { expect, it } from "vitest";
import { changed, mergePatch, replaced } from "./patch";

it("says what is other, also what is gone", () => {
  const before = { brief: "Tides", seconds: 20, gone: 1, same: [1] };
  const after = { brief: "Waves", seconds: 20, same: [1], more: { a: 1 } };
  expect(mergePatch(before, after)).toEqual({ brief: "Waves", gone: null, more: { a: 1 } });
  expect(replaced(before, after)).toEqual({ brief: "Waves", more: { a: 1 } });
  expect(changed(before, after).map((one) => one.name)).toEqual(["brief", "gone", "more"]);
  expect(mergePatch(before, before)).toEqual({});
});
