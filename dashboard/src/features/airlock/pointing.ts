/** Where a note points: from one frame to another, and a part of the picture. Pure. */
import type { Airlock } from "@/api/client";

export type Region = Airlock["Region"];
/** Frames of a film, both ends included. */
export interface Span {
  first: number;
  last: number;
}

/** The range begins at this frame; it ends here, too, when it ended before. */
export const begun = (span: Span | null, frame: number): Span => ({ first: frame, last: Math.max(frame, span?.last ?? frame) });
/** The range ends at this frame; it begins here, too, when it began behind. */
export const ended = (span: Span | null, frame: number): Span => ({ first: Math.min(frame, span?.first ?? frame), last: frame });

/** What a key begins with: the middle third of the picture. */
export const MIDDLE: Region = { x: 1 / 3, y: 1 / 3, width: 1 / 3, height: 1 / 3 };
const STEP = 0.02;
const WAYS: Record<string, [number, number]> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const within = (value: number, least: number, most: number): number => Math.min(most, Math.max(least, value));

/** The part after an arrow: moved, or with Shift larger and smaller. It never leaves the picture. Null: that key is no arrow. */
export function nudged(part: Region, key: string, shift: boolean): Region | null {
  const way = WAYS[key];
  if (!way) return null;
  const [x, y] = [way[0] * STEP, way[1] * STEP];
  return shift
    ? { ...part, width: within(part.width + x, STEP, 1 - part.x), height: within(part.height + y, STEP, 1 - part.y) }
    : { ...part, x: within(part.x + x, 0, 1 - part.width), y: within(part.y + y, 0, 1 - part.height) };
}

/** The part between two corners, as shares of the picture; null while it is too small to mean anything. */
export function between([x, y]: [number, number], [otherX, otherY]: [number, number]): Region | null {
  const part = { x: Math.min(x, otherX), y: Math.min(y, otherY), width: Math.abs(x - otherX), height: Math.abs(y - otherY) };
  return part.width > STEP && part.height > STEP ? part : null;
}

/** A part in words, for those who do not see it. */
export const said = (part: Region): string => {
  const [x, y, width, height] = [part.x, part.y, part.width, part.height].map((share) => `${Math.round(share * 100)} %`);
  return `${width} wide and ${height} high, ${x} from the left and ${y} from the top`;
};
