import { useMemo } from "react";
import type { Happening } from "@/api/live";
import { Button } from "@/components/Button";
import { exact, span, text, words } from "@/components/format";
import { type Bar, type Row, scaleOf } from "./layout";

interface Props {
  rows: Row[];
  now: number;
  history: Happening[];
  last: number;
  seq: number | null;
  setSeq: (seq: number | null) => void;
  choose: (step: string) => void;
  chosen: string | null;
}

const TONE: Record<Bar["kind"], string> = { work: "go", gate: "wait", wait: "idle", failed: "stop" };

/** How the run went, drawn from its history; the scrubber plays it again, entry by entry. */
export function Timeline({ rows, now, history, last, seq, setSeq, choose, chosen }: Props) {
  const scale = useMemo(() => scaleOf(rows, now), [rows, now]);
  const shown = seq === null ? undefined : history.find((one) => one.seq === seq);
  if (!rows.length) return null;
  const percent = (share: number) => `${(share * 100).toFixed(3)}%`;
  return (
    <section className="timeline" aria-label="Timeline">
      <div className="timeline-rows">
        {rows.map((row) => (
          <div key={row.step} className={row.step === chosen ? "timeline-row chosen" : "timeline-row"}>
            <button type="button" className="timeline-name clip" onClick={() => choose(row.step)}>{words(row.step)}</button>
            <div className="timeline-bars" style={{ height: `${Math.max(1, lanesOf(row, now)) * 9 + 9}px` }}>
              {scale.folds.map(([from, to]) => (
                <i key={from} className="fold" style={{ left: percent(scale.at(from)), width: percent(scale.at(to) - scale.at(from)) }} title={`${span(to - from)} in which nothing but people were waited for`} />
              ))}
              {placed(row, now).map(({ bar, lane }) => (
                <span
                  key={bar.seq}
                  className={`bar ${bar.kind} ${TONE[bar.kind]}-tone ${bar.to === null ? "open" : ""} ${seq !== null && bar.seq > seq ? "later" : ""}`}
                  style={{ left: percent(scale.at(bar.from)), width: percent(scale.at(bar.to ?? now) - scale.at(bar.from)), top: `${lane * 9 + 5}px` }}
                  title={`${bar.says}: ${span((bar.to ?? now) - bar.from)}`}
                />
              ))}
              {shown && <i className="head" style={{ left: percent(scale.at(Date.parse(shown.at))) }} />}
            </div>
          </div>
        ))}
      </div>
      <div className="scrub">
        <span className="sm faint num">{span(scale.to - scale.from)} in all</span>
        <input
          type="range"
          min={1}
          max={Math.max(1, last)}
          value={seq ?? last}
          aria-label="Play the run again, entry by entry"
          aria-valuetext={shown ? `${words(shown.type)} at ${exact(shown.at)}` : "now"}
          onChange={(event) => setSeq(Number(event.target.value) >= last ? null : Number(event.target.value))}
        />
        <span className="sm dim scrub-says">{shown ? `${shown.seq} of ${last}: ${words(shown.type)}${shown.data.step ? `, ${words(text(shown.data.step))}` : ""}` : "Now"}</span>
        {seq !== null && <Button size="small" tone="quiet" onClick={() => setSeq(null)}>Back to now</Button>}
      </div>
    </section>
  );
}

/** Bars that overlap lie below each other. */
function placed(row: Row, now: number): { bar: Bar; lane: number }[] {
  const ends: number[] = [];
  return row.bars.map((bar) => {
    const free = ends.findIndex((end) => end <= bar.from);
    const lane = free === -1 ? ends.length : free;
    ends[lane] = bar.to ?? now;
    return { bar, lane };
  });
}

const lanesOf = (row: Row, now: number): number => Math.max(0, ...placed(row, now).map((one) => one.lane + 1));
