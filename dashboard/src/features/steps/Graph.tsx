import { type CSSProperties, type ReactNode, useMemo } from "react";
import { words } from "@/components/format";
import type { Tone } from "@/status/tone";
import { type Edge, graphOf, type Outline, type Placed } from "./graph";
import "./graph.css";

interface Props {
  outline: readonly Outline[];
  label: string;
  /** Its lamp; without one a station says only what it is. */
  tone?: (id: string) => Tone;
  /** What a station shows below its name. */
  says?: (station: Placed) => ReactNode;
  hint?: (id: string) => string | undefined;
  chosen?: string | null;
  choose?: (id: string) => void;
}

/** Steps as stations: what follows what, what runs side by side, what goes round, and where people decide. */
export function Graph({ outline, label, tone, says, hint, chosen = null, choose }: Props) {
  const graph = useMemo(() => graphOf(outline), [outline]);
  const rows = graph.rows > 1 || graph.rounds.length > 0;
  // One line of stations goes on below where it does not fit; each draws its own way to the next.
  const gone = (id: string) => !rows && graph.edges.some((edge) => edge.of === id && tone?.(edge.of) === "go");
  return (
    <div className={rows ? "graph branched" : "graph"} tabIndex={0} role="group" aria-label={`${label}, drawn`} style={{ "--columns": graph.columns } as CSSProperties}>
      {graph.rounds.map((round) => (
        <span key={round.id} className="round" style={span(round, round.columns, round.rows)}>↻ {round.says}</span>
      ))}
      {rows && graph.edges.map((edge) => <i key={keyOf(edge)} aria-hidden className={`edge ${shapeOf(edge)} ${tone?.(edge.of) === "go" ? "gone" : ""}`} style={stretch(edge)} />)}
      <ol aria-label={label}>
        {graph.placed.map((station) => {
          const { step } = station;
          const lamp = tone?.(step.id);
          const inner = (
            <>
              {station.says && <code className="leads clip" title={station.says}>{station.says}</code>}
              <span className="name">{words(step.id)}</span>
              {says && <span className="sm faint">{says(station)}</span>}
            </>
          );
          return (
            <li key={step.id} className={`station ${lamp ? `${lamp}-tone ${lamp}` : ""} ${step.kind === "gate" ? "gate" : ""} ${gone(step.id) ? "gone" : ""}`} style={rows ? span(station, 1, 1) : undefined}>
              {choose ? <button type="button" aria-pressed={step.id === chosen} onClick={() => choose(step.id)} title={hint?.(step.id)}>{inner}</button> : <div>{inner}</div>}
            </li>
          );
        })}
      </ol>
    </div>
  );
}

const keyOf = ({ from, to }: Edge): string => `${from.column},${from.row}-${to.column},${to.row}`;
/** Straight on, down into a block, or up again out of one. */
const shapeOf = ({ from, to }: Edge): string => (from.row === to.row ? "on" : from.row < to.row ? "down" : "up");
const span = (at: { column: number; row: number }, columns: number, rows: number): CSSProperties => ({
  gridColumn: `${at.column + 1} / span ${columns}`,
  gridRow: `${at.row + 1} / span ${rows}`,
});
const stretch = ({ from, to }: Edge): CSSProperties =>
  span({ column: from.column, row: Math.min(from.row, to.row) }, to.column - from.column, Math.abs(to.row - from.row) + 1);
