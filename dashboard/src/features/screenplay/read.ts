/** A screenplay as far as its run has it: from the steps while it is written, from the run once it is approved. Pure. */
import type { Run, Step } from "@/api/runs";
import { text } from "@/components/format";

export interface Scene {
  heading: string;
  beats: string[];
  characters: string[];
}
export interface Act {
  title: string;
  purpose: string;
  scenes: Scene[];
}
export interface Screenplay {
  title: string;
  logline: string;
  genre: string;
  language: string;
  minutes: number;
  acts: Act[];
  characters: { name: string; role: string; description: string }[];
}
export interface Profile {
  name: string;
  role: string;
  backstory: string;
  motivation: string;
  traits: string[];
  arc: string;
}
export interface Written {
  screenplay: Screenplay;
  characters: Profile[];
  writtenBy: string;
  approved: boolean;
  /** Hashes of its files; text only comes of what was approved. */
  fountain: string | null;
  text: string | null;
}

type Loose = Record<string, unknown>;
const loose = (value: unknown): Loose => (typeof value === "object" && value !== null ? (value as Loose) : {});
const shaOf = (value: unknown): string | null => (typeof loose(value).sha256 === "string" ? String(loose(value).sha256) : null);
const isScreenplay = (value: unknown): value is Screenplay => typeof loose(value).title === "string" && Array.isArray(loose(value).acts);
const profilesOf = (value: unknown): Profile[] => (Array.isArray(value) ? (value as Profile[]) : []);

export function writtenBy(run: Pick<Run, "state" | "output"> | undefined, steps: readonly Pick<Step, "id" | "output">[]): Written | null {
  const outputOf = (id: string): Loose => loose(steps.find((step) => step.id === id)?.output);
  const outline = outputOf("screenplay");
  const approved = loose(run?.output);
  if (run?.state === "completed" && isScreenplay(approved.screenplay)) {
    const files = loose(approved.files);
    return {
      screenplay: approved.screenplay,
      characters: profilesOf(approved.characters),
      writtenBy: text(approved.written_by),
      approved: true,
      fountain: shaOf(files.fountain),
      text: shaOf(files.text),
    };
  }
  if (!isScreenplay(outline.screenplay)) return null;
  return {
    screenplay: outline.screenplay,
    characters: profilesOf(outputOf("characters").characters),
    writtenBy: text(outline.written_by),
    approved: false,
    fountain: shaOf(outline.fountain),
    text: null,
  };
}

/** What an item of the airlock holds, if that is a screenplay. */
export function heldIn(content: Record<string, unknown>): { screenplay: Screenplay; characters: Profile[] } | null {
  return isScreenplay(content.screenplay) ? { screenplay: content.screenplay, characters: profilesOf(content.characters) } : null;
}

const TO_DECIDE = "To decide:";
/** A text as what it tells, and what it leaves to its author to decide; either may be empty. */
export function partsOf(text: string): { tells: string; asks: string } {
  const at = text.indexOf(TO_DECIDE);
  return at < 0 ? { tells: text, asks: "" } : { tells: text.slice(0, at).trim(), asks: text.slice(at + TO_DECIDE.length).trim() };
}
