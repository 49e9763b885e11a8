import { describe, expect, it } from "vitest";
import { heldIn, partsOf, writtenBy } from "./read";

const screenplay = { title: "Low water", logline: "The sea leaves.", genre: "drama", language: "en", minutes: 12, acts: [], characters: [] };
const approved = { ...screenplay, title: "What the light took" };
const steps = [
  { id: "screenplay", output: { screenplay, written_by: "offline/rules-1", origin: "offline", fountain: { sha256: "f1" } } },
  { id: "characters", output: { characters: [{ name: "Ada" }] } },
] as never[];

describe("a screenplay as its run has it", () => {
  it("is there as soon as it is written, first without its people", () => {
    expect(writtenBy(undefined, [])).toBeNull();
    expect(writtenBy({ state: "running" } as never, [{ id: "screenplay", output: null }] as never)).toBeNull();
    expect(writtenBy({ state: "running" } as never, steps.slice(0, 1))).toMatchObject({ characters: [], approved: false, fountain: "f1", text: null });
    expect(writtenBy({ state: "waiting" } as never, steps)).toMatchObject({ screenplay, writtenBy: "offline/rules-1", characters: [{ name: "Ada" }] });
  });

  it("is what was approved once it is, edits included, and never what only was to be", () => {
    const output = { screenplay: approved, characters: [], written_by: "offline/rules-1", files: { fountain: { sha256: "f2" }, text: { sha256: "t2" } } };
    expect(writtenBy({ state: "completed", output }, steps)).toMatchObject({ screenplay: approved, approved: true, fountain: "f2", text: "t2" });
    expect(writtenBy({ state: "rejected", output: null }, steps)).toMatchObject({ screenplay, approved: false });
  });

  it("is told from what else the airlock holds", () => {
    expect(heldIn({ screenplay, characters: [] })?.screenplay.title).toBe("Low water");
    expect(heldIn({ ideas: [], screenplay: "words" })).toBeNull();
  });

  it("asks where it does not tell", () => {
    expect(partsOf("To decide: Why today?")).toEqual({ tells: "", asks: "Why today?" });
    expect(partsOf("Mara: retired diver. To decide: What happened?")).toEqual({ tells: "Mara: retired diver.", asks: "What happened?" });
    expect(partsOf("They decide to go.")).toEqual({ tells: "They decide to go.", asks: "" });
  });
});
