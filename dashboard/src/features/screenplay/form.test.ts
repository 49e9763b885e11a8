import { describe, expect, it } from "vitest";
import { CONCEPT_LIMIT, EMPTY, inputOf, wrongWith } from "./form";

const asked = { ...EMPTY, concept: "A keeper of lights" };

describe("what a screenplay is asked for with", () => {
  it("says of each field what is wrong with it", () => {
    expect(wrongWith(asked)).toEqual({});
    expect(Object.keys(wrongWith({ ...asked, concept: " 🎉!! " }))).toEqual(["concept"]);
    expect(wrongWith({ ...asked, concept: "a".repeat(CONCEPT_LIMIT) })).toEqual({});
    expect(wrongWith({ ...asked, concept: "a".repeat(CONCEPT_LIMIT + 1) }).concept).toBe("At most 10,000 characters; these are 10,001.");
    for (const minutes of ["", "0", "241", "1.5", "many"]) expect(Object.keys(wrongWith({ ...asked, minutes }))).toEqual(["minutes"]);
    expect(wrongWith({ ...asked, minutes: "240", language: "pt-BR", genre: "noir" })).toEqual({});
    expect(Object.keys(wrongWith({ ...asked, language: "Portuguese!", genre: "x".repeat(61) })).sort()).toEqual(["genre", "language"]);
  });

  it("sends what was filled in and nothing else", () => {
    expect(inputOf({ ...asked, concept: " A keeper ", minutes: "12" })).toEqual({ brief: "A keeper", minutes: 12 });
    expect(inputOf({ concept: "A keeper", minutes: "9", genre: " noir ", language: "de", model: "small" })).toEqual({ brief: "A keeper", minutes: 9, genre: "noir", language: "de", model: "small" });
  });
});
