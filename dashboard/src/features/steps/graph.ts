/** From a workflow's steps to stations on a grid: pure, so that a graph can be drawn anywhere and tested without one. */
import type { Runs } from "@/api/client";

export type Outline = Runs["StepOutline"];
export interface Point {
  column: number;
  row: number;
}
export interface Placed extends Point {
  step: Outline;
  /** What it does for each item of a list, or starts in the background: a capability. */
  each: string | null;
  /** Above the first station of a block: its name, or the condition under which a branch goes there. */
  says: string | null;
}
export interface Edge {
  from: Point;
  to: Point;
  /** The station it leaves. */
  of: string;
}
/** What goes round, or is done for each item: from its own station to the last one inside. The outer comes first. */
export interface Round extends Point {
  id: string;
  says: string;
  columns: number;
  rows: number;
}
export interface Graph {
  columns: number;
  rows: number;
  placed: Placed[];
  edges: Edge[];
  rounds: Round[];
}

interface End extends Point {
  of: string;
}
interface Size {
  columns: number;
  rows: number;
  ends: End[];
}

const ROUND = new Set(["loop", "foreach"]);
/** Short forms have no name of their own: `production.started` stands for what `production` starts. */
const isShort = (step: Outline): boolean => step.id.includes(".");

/** Stations in the order of the file, blocks of one step below each other, and the lines between them. */
export function graphOf(outline: readonly Outline[]): Graph {
  const own = outline.filter((step) => !isShort(step));
  const graph: Graph = { columns: 0, rows: 1, placed: [], edges: [], rounds: [] };
  const blocksOf = (id: string): [string, Outline[]][] => {
    const blocks = new Map<string, Outline[]>();
    for (const step of own) if (step.parent === id) blocks.set(step.block, [...(blocks.get(step.block) ?? []), step]);
    return [...blocks];
  };
  const eachOf = (id: string): string | null => {
    const inside = outline.find((step) => isShort(step) && step.id.startsWith(`${id}.`) && step.capability);
    return inside?.capability ?? null;
  };

  function lay(steps: readonly Outline[], from: Point, before: End[], says: string | null): Size {
    let columns = 0;
    let rows = 1;
    let ends = before;
    for (const [index, step] of steps.entries()) {
      const at = { column: from.column + columns, row: from.row };
      graph.placed.push({ ...at, step, each: eachOf(step.id), says: index === 0 ? says : null });
      for (const end of ends) graph.edges.push({ from: { column: end.column, row: end.row }, to: at, of: end.of });
      const size = inside(step, at);
      columns += 1 + size.columns;
      rows = Math.max(rows, size.rows);
      ends = size.ends;
    }
    return { columns, rows, ends };
  }

  function inside(step: Outline, at: Point): Size {
    const blocks = blocksOf(step.id);
    const itself: End = { ...at, of: step.id };
    if (!blocks.length) return { columns: 0, rows: 1, ends: [itself] };
    // Who may go past its blocks goes on straight, and they lie below: a branch without `else`, a wait that was answered.
    const passes = step.kind !== "parallel" && !ROUND.has(step.kind) && !Object.values(step.cases ?? {}).includes(null);
    const ends: End[] = passes ? [itself] : [];
    let rows = passes ? 1 : 0;
    let columns = 0;
    for (const [name, steps] of blocks) {
      const size = lay(steps, { column: at.column + 1, row: at.row + rows }, [itself], saysOf(step, name));
      rows += size.rows;
      columns = Math.max(columns, size.columns);
      ends.push(...size.ends);
    }
    if (ROUND.has(step.kind)) graph.rounds.unshift({ ...at, id: step.id, says: roundOf(step), columns: 1 + columns, rows });
    return { columns, rows, ends };
  }

  const size = lay(
    own.filter((step) => step.parent === null || !own.some((one) => one.id === step.parent)),
    { column: 0, row: 0 },
    [],
    null,
  );
  return { ...graph, columns: size.columns, rows: size.rows };
}

/** What leads into a block. */
function saysOf(step: Outline, block: string): string | null {
  if (ROUND.has(step.kind)) return null;
  if (step.kind === "branch") return step.cases?.[block] ?? "else";
  return step.kind === "wait" ? "without an answer" : block.replaceAll("_", " ");
}

const roundOf = (step: Outline): string => (step.kind === "loop" ? `again, ${step.at_most ?? "some"} times at most` : "for each item");
