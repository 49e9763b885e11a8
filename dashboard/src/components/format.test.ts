import { describe, expect, it } from "vitest";
import { clock, dollars, relative, span, text } from "./format";

const NOW = Date.parse("2026-11-21T10:00:00Z");
const ago = (ms: number) => relative(new Date(NOW - ms).toISOString(), NOW);

describe("times", () => {
  it("says how long ago, and until", () => {
    expect(ago(5_000)).toBe("just now");
    expect(ago(60_000)).toBe("60 s ago");
    expect(ago(4 * 60_000)).toBe("4 min ago");
    expect(ago(-2 * 3_600_000)).toBe("in 2 h");
    expect(ago(9 * 86_400_000)).toBe("12 Nov 2026");
  });
  it("says spans in one unit", () => {
    expect([span(420), span(4200), span(42_000), span(42 * 60_000), span(42 * 3_600_000)]).toEqual(["420 ms", "4.2 s", "42 s", "42 min", "2 d"]);
  });
  it("says where in a film", () => expect([clock(0), clock(7400), clock(61_999)]).toEqual(["00:00.0", "00:07.4", "01:01.9"]));
});

it("never rounds money away", () => {
  expect([dollars("0.000000"), dollars("0.000120"), dollars("12.3"), dollars(null)]).toEqual(["$0.00", "$0.0001", "$12.30", "$0.00"]);
});

it("says what has no type, and never that it is an object", () => {
  expect([text("Ada"), text(7), text(false), text(null), text({ a: 1 }), text(undefined, "somebody"), text("", "somebody")]).toEqual(["Ada", "7", "false", "", "", "somebody", ""]);
});
