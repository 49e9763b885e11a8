import { expect, it } from "vitest";
import type { ItemDetail, Note } from "@/api/airlock";
import type { Film } from "./content";
import { keyOf, pointsOf, UNSEEN } from "./looking";

const film = { fps: 30, frames: 95 } as Film;
const detail = (verdict: object, downgrades: object[] = []) => ({ verdict: { findings: [], unchecked: [], ...verdict }, downgrades }) as unknown as ItemDetail;
const nothing = { seconds: new Set<number>(), ticked: new Set<string>() };

it("asks for nothing where there is nothing to look at", () => expect(pointsOf(detail({}), undefined, [], nothing, [])).toEqual([]));

it("counts a film as shown by its seconds, and leads to the first that was not", () => {
  expect(pointsOf(detail({}), film, [], { ...nothing, seconds: new Set([0, 2]) }, [])).toEqual([{ says: "50 % of the film was shown", done: false, left: "2 seconds of the film", next: 30 }]);
  expect(pointsOf(detail({}), film, [], { ...nothing, seconds: new Set([0, 1, 2, 3]) }, [])).toMatchObject([{ done: true, left: "", next: null }]);
});

it("counts a finding as looked at when its frame was shown, and one without a frame when it is ticked", () => {
  const found = detail({ findings: [{ rule: "flash.red", frame: 65 }, { rule: "claims.health", frame: null }, { rule: "disclosure.ai", frame: null }] });
  const says = (looked: typeof nothing) => pointsOf(found, film, [], looked, []).slice(1).map((point) => [point.says, point.next]);
  expect(says(nothing)).toEqual([["0 of 2 findings looked at", 65], ["0 of 1 missing disclosure looked at", null]]);
  expect(says({ seconds: new Set([2]), ticked: new Set([keyOf(2)]) })).toEqual([["1 of 2 findings looked at", null], ["1 of 1 missing disclosure looked at", null]]);
});

it("tells of fall-backs, of what no check can see and of notes", () => {
  const held = detail({ unchecked: ["Irony."] }, [{ code: "clip_drawn", detail: "a" }, { code: "clip_drawn", detail: "b" }, { code: "voice", detail: "c" }]);
  const notes = [{ state: "resolved" }, { state: "open" }] as Note[];
  expect(pointsOf(held, undefined, notes, nothing, ["voice"]).map((point) => [point.says, point.left])).toEqual([
    // An approval asks for those by itself.
    ["1 of 2 fall-backs accepted", ""],
    ["What no check can see is yours to judge", "what no check can see"],
    ["1 of 2 notes resolved", "1 note"],
  ]);
  expect(pointsOf(held, undefined, [], { ...nothing, ticked: new Set([UNSEEN]) }, ["voice", "clip_drawn"]).every((point) => point.done)).toBe(true);
});
