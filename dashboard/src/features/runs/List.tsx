import { Link } from "@tanstack/react-router";
import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { memo, useEffect, useLayoutEffect, useRef, useState } from "react";
import type { Run } from "@/api/runs";
import { dollars, words } from "@/components/format";
import { Lamp } from "@/components/Lamp";
import { Time } from "@/components/Time";
import { runLook } from "@/status/run";
import { briefOf } from "./RunLine";
import "./runs.css";

const WIDE = 52;
const PHONE = 72;
const AHEAD = 20;

/** A list that draws only what is in sight, so that a hundred thousand rows scroll like ten. */
export function List({ runs, at, picked, pick, more }: { runs: Run[]; at: number; picked: ReadonlySet<string>; pick?: (id: string) => void; more?: () => void }) {
  const top = useRef<HTMLDivElement>(null);
  const [scrollMargin, setScrollMargin] = useState(0);
  const height = matchMedia("(max-width: 52rem)").matches ? PHONE : WIDE;
  const rows = useWindowVirtualizer({ count: runs.length, estimateSize: () => height, overscan: 8, scrollMargin });
  const shown = rows.getVirtualItems();
  // Whenever other rows are drawn, because what stands above the list grows and shrinks.
  useLayoutEffect(() => setScrollMargin(top.current?.offsetTop ?? 0), [runs, shown]);
  const last = shown.at(-1)?.index ?? 0;
  useEffect(() => {
    if (more && last >= runs.length - AHEAD) more();
  }, [last, runs.length, more]);
  const going = useRef<number | null>(null);
  useEffect(() => {
    if (at < 0) return;
    rows.scrollToIndex(at);
    going.current = at;
  }, [at, rows]);
  // The chosen run has the focus as soon as its row is drawn, so that Enter opens it and not what was pressed before.
  useEffect(() => {
    const link = going.current === null ? null : top.current?.querySelector<HTMLElement>(`[aria-rowindex="${going.current + 1}"] a`);
    if (!link) return;
    link.focus({ preventScroll: true });
    going.current = null;
  }, [at, shown]);
  return (
    <div role="table" aria-label="Runs" aria-rowcount={more ? -1 : runs.length}>
      <div className={pick ? "rows-head" : "rows-head fixed"} role="row">
        <span role="columnheader"><span className="visually-hidden">Choose</span></span>
        <span role="columnheader">Brief</span>
        <span role="columnheader">State</span>
        <span role="columnheader">Workflow</span>
        <span role="columnheader" className="right">Cost</span>
        <span role="columnheader" className="right">Changed</span>
      </div>
      <div ref={top} role="rowgroup" style={{ height: rows.getTotalSize(), position: "relative" }}>
        {shown.map((row) => {
          const run = runs[row.index] as Run;
          return <Line key={run.run_id} run={run} index={row.index} top={row.start - rows.options.scrollMargin} height={height} chosen={row.index === at} picked={picked.has(run.run_id)} pick={pick} />;
        })}
      </div>
    </div>
  );
}

interface LineProps {
  run: Run;
  index: number;
  top: number;
  height: number;
  chosen: boolean;
  picked: boolean;
  pick?: (id: string) => void;
}

/** One run. Scrolling, choosing and a change of another run leave it as it is. */
const Line = memo(function Line({ run, index, top, height, chosen, picked, pick }: LineProps) {
  return (
    <div
      role="row"
      aria-rowindex={index + 1}
      className={`row num ${chosen ? "chosen" : ""} ${pick ? "" : "fixed"}`}
      style={{ position: "absolute", insetInline: 0, top: 0, height, transform: `translateY(${top}px)` }}
    >
      <span role="cell">
        {pick && <input type="checkbox" className="check" aria-label={`Choose ${briefOf(run)}`} checked={picked} onChange={() => pick(run.run_id)} />}
      </span>
      <span role="cell" style={{ minWidth: 0 }}>
        <Link to="/runs/$runId" params={{ runId: run.run_id }} className="run-brief clip" title={briefOf(run)}>{briefOf(run)}</Link>
        <span className="faint sm clip" style={{ display: "block" }}>
          {run.created_by}, <Time at={run.created_at} />{run.degraded && " · degraded"}{run.visibility === "private" && " · private"}
        </span>
      </span>
      <span role="cell"><Lamp look={runLook(run)} /></span>
      <span role="cell" className="dim clip">{words(run.workflow)}</span>
      <span role="cell" className="right">{dollars(run.cost_usd)}</span>
      <span role="cell" className="right dim"><Time at={run.updated_at} /></span>
    </div>
  );
});
