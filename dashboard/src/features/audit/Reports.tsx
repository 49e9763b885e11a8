import { useState } from "react";
import type { Airlock } from "@/api/client";
import { Choices } from "@/components/Choices";
import { Dialog } from "@/components/Dialog";

const KINDS: readonly (readonly [Airlock["ReportKind"], string])[] = [["access", "Access"], ["decisions", "Decisions"], ["violations", "Violations"]];
const SAYS: Record<Airlock["ReportKind"], string> = {
  access: "Who did what, and who was refused.",
  decisions: "What was decided at gates, by whom, and how.",
  violations: "What shields and policies stopped, by rule.",
};

/** A report of whole days (UTC), computed when it is asked for; it says whether the chain it was read from holds. */
export function Reports({ now, close }: { now: number; close: () => void }) {
  const day = (back: number) => new Date(now - back * 86_400_000).toISOString().slice(0, 10);
  const [kind, setKind] = useState<Airlock["ReportKind"]>("decisions");
  const [from, setFrom] = useState(day(30));
  const [to, setTo] = useState(day(0));
  const wrong = !from || !to || from > to;
  return (
    <Dialog open close={close} title="Reports" says="Computed now from the record, which says whether its chain holds. Days are UTC, and the last one counts.">
      <Choices label="Report" value={kind} onChange={setKind} options={KINDS} />
      <p className="dim sm">{SAYS[kind]}</p>
      <div className="strip">
        <div className="field"><label htmlFor="report-from">From</label><input id="report-from" type="date" className="input" value={from} max={to} onChange={(event) => setFrom(event.target.value)} /></div>
        <div className="field"><label htmlFor="report-to">To</label><input id="report-to" type="date" className="input" value={to} min={from} onChange={(event) => setTo(event.target.value)} /></div>
      </div>
      {wrong ? <p className="sm stop-tone" style={{ color: "var(--lamp)" }}>The first day comes before the last one.</p> : (
        <div className="actions">
          {(["json", "csv"] as const).map((form) => <a key={form} className={form === "csv" ? "button go" : "button"} href={reportOf(kind, from, to, form)} download={`${kind}-${from}-${to}.${form}`}>As {form.toUpperCase()}</a>)}
        </div>
      )}
    </Dialog>
  );
}

/** Where the report is had: from the first instant of one day to the first after the other. */
export function reportOf(kind: Airlock["ReportKind"], from: string, to: string, format: "json" | "csv"): string {
  const after = new Date(Date.parse(`${to}T00:00:00Z`) + 86_400_000).toISOString();
  return `/v1/audit/reports/${kind}?${new URLSearchParams({ from: `${from}T00:00:00.000Z`, to: after, format }).toString()}`;
}
