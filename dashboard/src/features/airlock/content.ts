/** What an item holds, read from its content. Pure. */
import type { Finding, ItemDetail, Note } from "@/api/airlock";
import type { HeldWords } from "./HeldScript";

export interface Score {
  points: number;
  parts: { name: string; points: number; of: number; why: string }[];
}
export interface Idea {
  id: string;
  title: string;
  angle: string;
  hook: string;
  summary: string;
  why: string;
  points: string[];
  score?: Score | null;
  resembles?: { entry_id: string; title: string; likeness: number }[];
}
export interface Scene {
  index: number;
  startFrame: number;
  frames: number;
  still: string | null;
  sentence: string;
}
export interface Film {
  video: string;
  poster: string | null;
  captions: string | null;
  fps: number;
  frames: number;
  width: number;
  height: number;
  scenes: Scene[];
}

const shaOf = (value: unknown): string | null =>
  typeof value === "object" && value !== null && "sha256" in value ? String(value.sha256) : null;
const listOf = (value: unknown): Record<string, unknown>[] => (Array.isArray(value) ? (value as Record<string, unknown>[]) : []);

export const ideasOf = (detail: ItemDetail): Idea[] => listOf(detail.content.ideas) as unknown as Idea[];

/** A finished script that waits to be filmed; null where something else is held. */
export function scriptOf({ content }: ItemDetail): HeldWords | null {
  const script = content.script as HeldWords | undefined;
  return Array.isArray(script?.beats) ? script : null;
}

export function filmOf(detail: ItemDetail): Film | null {
  const content = detail.content;
  const video = shaOf(content.video);
  if (!video) return null;
  const fps = Number(content.fps) || 30;
  const narration = Array.isArray(content.narration) ? content.narration.map(String) : [];
  return {
    video,
    poster: shaOf(content.thumbnail),
    captions: shaOf(content.captions),
    fps,
    frames: Math.max(1, Math.round((Number(content.duration_ms) / 1000) * fps)),
    width: Number(content.width) || 1080,
    height: Number(content.height) || 1920,
    scenes: listOf(content.scenes).map((one) => ({
      index: Number(one.index),
      startFrame: Number(one.start_frame),
      frames: Number(one.frames),
      still: typeof one.still_sha256 === "string" ? one.still_sha256 : null,
      sentence: narration[Number(one.index)] ?? "",
    })),
  };
}

export interface Mark {
  frame: number;
  /** The last frame it is about, itself included. */
  last: number;
  kind: "note" | "finding";
  says: string;
}

/** The frame a finding is about; null where it is about none. */
export const frameOf = (finding: Finding, fps: number): number | null =>
  finding.frame ?? (finding.at_seconds != null ? Math.round(finding.at_seconds * fps) : null);

/** How many notes each scene still has, by its index. */
export function notesByScene(notes: readonly Note[]): Map<number, number> {
  const found = new Map<number, number>();
  for (const note of notes) {
    if (note.state !== "resolved") for (const scene of note.scenes) found.set(scene.index, (found.get(scene.index) ?? 0) + 1);
  }
  return found;
}

/** Where on the film notes and findings point at. */
export function marksOf(detail: ItemDetail, notes: readonly Note[], fps: number): Mark[] {
  const marks: Mark[] = notes.flatMap((note) => {
    const span = note.span_now ?? note.span;
    return span && note.state !== "resolved" ? [{ frame: span.frame, last: span.end_frame, kind: "note" as const, says: note.text }] : [];
  });
  for (const finding of detail.verdict.findings) {
    const frame = frameOf(finding, fps);
    if (frame !== null) marks.push({ frame, last: frame, kind: "finding", says: finding.message });
  }
  return marks.sort((one, other) => one.frame - other.frame);
}

/** `00:07.4` and the frame beside it: what a note says about where. */
export const frameToMs = (frame: number, fps: number): number => Math.round((frame / fps) * 1000);
/** The frame that is shown at a time: a player's clock is a little before or after its picture. */
export const frameAt = (seconds: number, fps: number, frames: number): number =>
  Math.max(0, Math.min(frames - 1, Math.floor(seconds * fps + 1e-3)));
/** The middle of a frame, so that no rounding shows its neighbour. */
export const secondsOf = (frame: number, fps: number): number => (frame + 0.5) / fps;
