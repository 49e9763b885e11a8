/** Where notes point, and whom they name. */
import { describe, expect, it } from "vitest";
import type { ItemDetail, Note } from "@/api/airlock";
import { completed, peopleOf, piecesOf, typedName } from "./mentions";
import { begun, between, ended, MIDDLE, nudged, said } from "./pointing";

describe("a range", () => {
  it("is one frame until its other end is set", () => {
    expect(begun(null, 30)).toEqual({ first: 30, last: 30 });
    expect(ended(null, 30)).toEqual({ first: 30, last: 30 });
  });
  it("has its ends in order, whichever key came first", () => {
    expect(ended(begun(null, 30), 60)).toEqual({ first: 30, last: 60 });
    expect(begun(ended(null, 60), 30)).toEqual({ first: 30, last: 60 });
    expect(ended(begun(null, 30), 10)).toEqual({ first: 10, last: 10 });
    expect(begun({ first: 30, last: 60 }, 90)).toEqual({ first: 90, last: 90 });
  });
});

describe("a part of the picture", () => {
  it("moves by arrows, grows by Shift, and never leaves the picture", () => {
    for (const shift of [false, true]) {
      for (const key of ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"]) {
        let part = MIDDLE;
        for (let presses = 0; presses < 100; presses += 1) part = nudged(part, key, shift) as typeof part;
        expect(part.x).toBeGreaterThanOrEqual(0);
        expect(part.y).toBeGreaterThanOrEqual(0);
        expect(part.x + part.width).toBeLessThanOrEqual(1 + 1e-9);
        expect(part.y + part.height).toBeLessThanOrEqual(1 + 1e-9);
        expect(Math.min(part.width, part.height)).toBeGreaterThan(0);
      }
    }
    expect(nudged(MIDDLE, "a", false)).toBeNull();
  });
  it("is drawn from any corner, and is nothing while it is a point", () => {
    expect(between([0.75, 0.5], [0.25, 0.25])).toEqual({ x: 0.25, y: 0.25, width: 0.5, height: 0.25 });
    expect(between([0.5, 0.5], [0.51, 0.9])).toBeNull();
  });
  it("is said in words", () => expect(said(MIDDLE)).toBe("33 % wide and 33 % high, 33 % from the left and 33 % from the top"));
});

describe("names", () => {
  it("are found where the caret is, and not in an address", () => {
    expect(typedName("Look, @re", 9)).toBe("re");
    expect(typedName("@", 1)).toBe("");
    expect(typedName("mail a@b", 8)).toBeNull();
    expect(typedName("@bob said", 9)).toBeNull();
  });
  it("are written out, with one space behind them", () => {
    expect(completed("Look, @re please", 9, "reviewer")).toEqual({ text: "Look, @reviewer please", caret: 16 });
    expect(completed("@", 1, "ann.b")).toEqual({ text: "@ann.b ", caret: 7 });
  });
  it("stand out of what is written", () => expect(piecesOf("Is that so, @bob.k? Or @ann")).toEqual(["Is that so, ", "@bob.k", "? Or ", "@ann", ""]));
  it("are those of who takes part, once, without the writer and what no @ can name", () => {
    const item = { requested_by: "bob", assigned_to: null, claim: { by: "ann" }, stage: { any_of: ["cleo"] } };
    const detail = { item, decisions: [{ decided_by: "external:a guest" }] } as unknown as ItemDetail;
    const note = { author: "bob", mentions: ["dan"], replies: [{ author: "ann", mentions: [] }] } as unknown as Note;
    expect(peopleOf(detail, [note], "ann")).toEqual(["bob", "cleo", "dan"]);
  });
});
