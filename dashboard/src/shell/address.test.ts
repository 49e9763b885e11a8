import { expect, it } from "vitest";
import { readAddress } from "./address";

const SAID = { view: ["list", "board"], q: "" } as const;

it("reads what the page knows, and what goes without saying for everything else", () => {
  expect(readAddress(SAID, {})).toEqual({ view: "list", q: "" });
  expect(readAddress(SAID, { view: "board", q: "tides", more: 1 })).toEqual({ view: "board", q: "tides" });
  expect(readAddress(SAID, { view: "cube", q: 7 })).toEqual({ view: "list", q: "7" });
  expect(readAddress(SAID, { view: ["board"], q: { a: 1 } })).toEqual({ view: "list", q: "" });
});
