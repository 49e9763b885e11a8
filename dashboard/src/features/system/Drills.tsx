import { useState } from "react";
import type { Runs } from "@/api/client";
import { useDrills } from "@/api/others";
import { Dialog } from "@/components/Dialog";
import { plural, span, words } from "@/components/format";
import { Lamp } from "@/components/Lamp";
import { Section } from "@/components/Page";
import { Scroll } from "@/components/Scroll";
import { Empty, Loaded } from "@/components/States";
import { Time } from "@/components/Time";
import { drillLook } from "@/status/drill";

type Drill = Runs["DrillAnswer"];

/** What happened when processes were killed on purpose: whether anything was lost, repeated or stuck. */
export function Drills() {
  const asked = useDrills();
  const [open, setOpen] = useState<Drill | null>(null);
  return (
    <Section title="Drills">
      <Loaded asked={asked} rows={2}>
        {(drills) =>
          drills.length ? <Table drills={drills} open={setOpen} /> : (
            <Empty title="Nobody has drilled this installation yet">
              A drill kills services while runs go on, and counts what was lost, repeated or stuck. On the machine it runs on: <code>./greenlight drill</code>
            </Empty>
          )
        }
      </Loaded>
      {open && <One drill={open} close={() => setOpen(null)} />}
    </Section>
  );
}

const Table = ({ drills, open }: { drills: Drill[]; open: (drill: Drill) => void }) => (
  <Scroll label="Drills">
    <table className="table">
      <thead>
        <tr>
          <th>Drill</th>
          <th>Verdict</th>
          <th className="right">Kills</th>
          <th className="right" title="Runs that did not come to their end">Lost</th>
          <th className="right" title="Effects outside that happened more than once">Repeated</th>
          <th className="right" title="Runs that stood still though there was work to do">Stuck</th>
          <th className="right" title="From a kill until every run moves again: half of the kills, and 99 of 100">Recovery</th>
          <th>Commit</th>
        </tr>
      </thead>
      <tbody>
        {drills.map((one) => (
          <tr key={one.name}>
            <td><button type="button" className="link" onClick={() => open(one)}><Time at={one.at} /></button></td>
            <td><Lamp look={drillLook(one)} /></td>
            <td className="right num">{one.kills.toLocaleString("en")}</td>
            <td className="right num">{one.lost.toLocaleString("en")}</td>
            <td className="right num">{one.repeated.toLocaleString("en")}</td>
            <td className="right num">{one.stuck.toLocaleString("en")}</td>
            <td className="right num">{recovery(one)}</td>
            <td><code>{one.commit}</code></td>
          </tr>
        ))}
      </tbody>
    </table>
  </Scroll>
);

const recovery = (drill: Drill): string =>
  drill.recovery_p50_ms === null || drill.recovery_p99_ms === null ? "–" : `${span(drill.recovery_p50_ms)} / ${span(drill.recovery_p99_ms)}`;

const One = ({ drill, close }: { drill: Drill; close: () => void }) => (
  <Dialog open close={close} wide title={`Drill: ${drillLook(drill).label.toLowerCase()}`} says={`${plural(drill.kills, "kill")} while ${plural(drill.runs, "run")} went on, in ${span(drill.took_ms)}.`}>
    <dl className="facts">
      <div><dt>Over</dt><dd><Time at={drill.at} /></dd></div>
      <div><dt>Commit</dt><dd><code>{drill.commit}</code></dd></div>
      <div><dt>Machine</dt><dd>{drill.machine}</dd></div>
      <div><dt>Ran as</dt><dd><code>{drill.name}</code></dd></div>
      <div><dt>Killed</dt><dd>{Object.entries(drill.targets).map(([name, times]) => `${words(name)} ${String(times)}×`).join(", ") || "nothing"}</dd></div>
      {drill.audit_problems > 0 && <div><dt>Audit record</dt><dd>{plural(drill.audit_problems, "problem")}</dd></div>}
    </dl>
    {!!drill.findings?.length && <ul className="dots" aria-label="Findings">{drill.findings.map((one) => <li key={one}>{one}</li>)}</ul>}
  </Dialog>
);
