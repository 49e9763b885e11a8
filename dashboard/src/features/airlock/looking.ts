/** What a person looks at before approving, from what the item says about itself. Pure. */
import type { ItemDetail, Note } from "@/api/airlock";
import { plural } from "@/components/format";
import { type Film, frameOf } from "./content";
import { type Loss, lossesOf } from "./deciding";

/** What was looked at until now. */
export interface Looked {
  /** Seconds of the film that were shown. */
  seconds: ReadonlySet<number>;
  /** What was ticked by hand, by `keyOf` and `UNSEEN`. */
  ticked: ReadonlySet<string>;
}

export interface Point {
  says: string;
  done: boolean;
  /** What is left of it, to be told beside the approval; empty when it is done. */
  left: string;
  /** The frame to go to for what is left. */
  next: number | null;
}

export const UNSEEN = "unseen";
export const keyOf = (index: number): string => `finding ${index}`;
const secondOf = (frame: number, fps: number): number => Math.floor(frame / fps);

/** Whether a finding was looked at: its frame was shown, or, where it has none in a film, somebody ticked it. */
export function wasLookedAt(detail: ItemDetail, index: number, film: Film | undefined, looked: Looked): boolean {
  const finding = detail.verdict.findings[index];
  const frame = film && finding ? frameOf(finding, film.fps) : null;
  return film && frame !== null ? looked.seconds.has(secondOf(frame, film.fps)) : looked.ticked.has(keyOf(index));
}

/** What there is to look at, in the order in which it is told. What there is nothing of is left out. */
export function pointsOf(detail: ItemDetail, film: Film | undefined, notes: readonly Note[], looked: Looked, accepted: readonly string[]): Point[] {
  const places = detail.verdict.findings.map((_, index) => index);
  const discloses = (index: number) => !!detail.verdict.findings[index]?.rule.startsWith("disclosure.");
  return [
    ...(film ? [filmPoint(film, looked)] : []),
    ...findingsPoint("finding", places.filter((index) => !discloses(index)), detail, film, looked),
    ...findingsPoint("missing disclosure", places.filter(discloses), detail, film, looked),
    ...lossesPoint(lossesOf(detail.downgrades), accepted),
    ...unseenPoint(detail, looked),
    ...notesPoint(notes),
  ];
}

function filmPoint(film: Film, { seconds }: Looked): Point {
  const all = Math.ceil(film.frames / film.fps);
  const missing = Array.from({ length: all }, (_, second) => second).filter((second) => !seconds.has(second));
  const [first] = missing;
  if (first === undefined) return { says: "All of the film was shown", done: true, left: "", next: null };
  return { says: `${Math.round((100 * (all - missing.length)) / all)} % of the film was shown`, done: false, left: `${plural(missing.length, "second")} of the film`, next: Math.round(first * film.fps) };
}

function findingsPoint(name: string, places: readonly number[], detail: ItemDetail, film: Film | undefined, looked: Looked): Point[] {
  if (!places.length) return [];
  const missing = places.filter((index) => !wasLookedAt(detail, index, film, looked));
  const first = detail.verdict.findings[missing[0] ?? -1];
  return [{ says: `${places.length - missing.length} of ${plural(places.length, name)} looked at`, done: !first, left: first ? plural(missing.length, name) : "", next: film && first ? frameOf(first, film.fps) : null }];
}

/** An approval has to name each of them, so it asks for those that are left by itself. */
function lossesPoint(losses: readonly Loss[], accepted: readonly string[]): Point[] {
  const taken = losses.filter((one) => accepted.includes(one.code)).length;
  return losses.length ? [{ says: `${taken} of ${plural(losses.length, "fall-back")} accepted`, done: taken === losses.length, left: "", next: null }] : [];
}

function unseenPoint(detail: ItemDetail, { ticked }: Looked): Point[] {
  if (!detail.verdict.unchecked.length) return [];
  const done = ticked.has(UNSEEN);
  return [{ says: done ? "You judged what no check can see" : "What no check can see is yours to judge", done, left: done ? "" : "what no check can see", next: null }];
}

function notesPoint(notes: readonly Note[]): Point[] {
  const missing = notes.filter((note) => note.state !== "resolved").length;
  if (!notes.length) return [];
  return [{ says: `${notes.length - missing} of ${plural(notes.length, "note")} resolved`, done: !missing, left: missing ? plural(missing, "note") : "", next: null }];
}
