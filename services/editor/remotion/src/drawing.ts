// What the editor orders: `editor/remotion/drawing.py` is the other side of this. Everything is laid out there; places
// of type are in pixels of the canvas, whose short side is 1080, and times are frames of the film.

export type View = {x: number; y: number; zoom: number};

export type Picture = {
  file: string;
  still: boolean;
  start: number;
  frames: number;
  trim_ms: number;
  speed: number;
  fit: 'cover' | 'contain' | 'fill';
  focus: View;
  motion: {start: View; end: View} | null;
};

/** How one scene gives way to the next: scene number `place` and the one after it share these frames. */
export type Move = {name: string; place: number; start: number; frames: number; panel: string; edge: string};

/** The ground of the end card, which is drawn, not filmed. */
export type Ground = {start: number; frames: number; colours: string[]};

/** A picture with transparency in a square: where in the square it lies where it does not fill it. */
export type Logo = {
  file: string;
  left: number;
  top: number;
  side: number;
  align_x: number;
  align_y: number;
  opacity: number;
  /** Whether it belongs to the end card, and moves in with it. */
  card: boolean;
};

/** How a mark appears and goes: rises so far while it fades in; pops from these scales over the last one to 1. */
export type Entrance = {
  fade_in_ms: number;
  fade_out_ms: number;
  rise: number;
  pop: {wide: number; high: number; over: number} | null;
};

type Shown = {start: number; stop: number; layer: number; entrance: Entrance; card: boolean};

export type TextMark = Shown & {
  kind: 'text';
  text: string;
  family: string;
  em: number;
  x: number;
  baseline: number;
  anchor: 'start' | 'middle';
  ink: string;
  outline: number;
  outline_ink: string;
  shadow: number;
  /** A soft edge in this colour behind the letters, drawn by itself. */
  halo: {reach: number; blur: number; ink: string; opacity: number} | null;
  right_to_left: boolean;
};

export type PanelMark = Shown & {
  kind: 'panel';
  left: number;
  top: number;
  width: number;
  height: number;
  radius: number;
  ink: string;
  opacity: number;
};

export type Mark = TextMark | PanelMark;

export type Drawing = {
  version: 1;
  width: number;
  height: number;
  fps: number;
  frames: number;
  canvas: [number, number];
  language: string;
  fonts: string[];
  pictures: Picture[];
  moves: Move[];
  ground: Ground | null;
  logos: Logo[];
  marks: Mark[];
};

/** What the film is drawn from in the browser: the drawing, and under which address its files are. */
export type FilmProps = {drawing: Drawing; files: string; fonts: string};

const FILE = /^[A-Za-z0-9][A-Za-z0-9._-]{0,120}$/;
const FAMILY = /^[A-Za-z0-9 -]{1,60}$/;
const LONGEST_SIDE = 4096;
const MOST_FRAMES = 60 * 60 * 60;

export class Refused extends Error {}

/** The drawing in a request's JSON. What could do harm is checked: sizes, and every name of a file. */
export function readDrawing(given: unknown): Drawing {
  if (typeof given !== 'object' || given === null) throw new Refused('A drawing has to be a JSON object.');
  const drawing = given as Drawing;
  if (drawing.version !== 1) throw new Refused(`Drawings of version ${String(drawing.version)} are not known here.`);
  within('width', drawing.width, 2, LONGEST_SIDE);
  within('height', drawing.height, 2, LONGEST_SIDE);
  within('fps', drawing.fps, 1, 120);
  within('frames', drawing.frames, 1, MOST_FRAMES);
  for (const name of ['pictures', 'moves', 'logos', 'marks', 'fonts', 'canvas'] as const) {
    if (!Array.isArray(drawing[name])) throw new Refused(`A drawing has a list of ${name}.`);
  }
  for (const name of filesOf(drawing)) {
    if (typeof name !== 'string' || !FILE.test(name)) throw new Refused(`${JSON.stringify(name)} is no name of a file.`);
  }
  for (const family of drawing.fonts) {
    if (typeof family !== 'string' || !FAMILY.test(family)) throw new Refused(`${JSON.stringify(family)} is no typeface.`);
  }
  return drawing;
}

export function filesOf(drawing: Drawing): string[] {
  return [...new Set([...drawing.pictures, ...drawing.logos].map((one) => one.file))];
}

function within(name: string, value: unknown, least: number, most: number): void {
  if (!Number.isInteger(value) || (value as number) < least || (value as number) > most) {
    throw new Refused(`${name} has to be a whole number from ${least} to ${most}.`);
  }
}
