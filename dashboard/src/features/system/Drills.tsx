import { useState } from "react";
import type { Runs } from "@/api/client";
import { useDrills } from "@/api/others";
import { Dialog } from "@/components/Dialog";
import { plural, span, words } from "@/components/format";
import { Lamp } from "@/components/Lamp";
import { Section } from "@/components/Page";
import { Empty, Loaded } from "@/components/States";
import { type Column, Table } from "@/components/Table";
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
          drills.length ? <Table label="Drills" rows={drills} id={(one) => one.name} columns={columns(setOpen)} /> : (
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

const columns = (open: (drill: Drill) => void): Column<Drill>[] => [
  { head: "Drill", cell: (one) => <button type="button" className="link" onClick={() => open(one)}><Time at={one.at} /></button> },
  { head: "Verdict", cell: (one) => <Lamp look={drillLook(one)} /> },
  { head: "Kills", right: true, cell: (one) => one.kills.toLocaleString("en") },
  { head: "Lost", says: "Runs that did not come to their end", right: true, cell: (one) => one.lost.toLocaleString("en") },
  { head: "Repeated", says: "Effects outside that happened more than once", right: true, cell: (one) => one.repeated.toLocaleString("en") },
  { head: "Stuck", says: "Runs that stood still though there was work to do", right: true, cell: (one) => one.stuck.toLocaleString("en") },
  { head: "Recovery", says: "From a kill until every run moves again: half of the kills, and 99 of 100", right: true, cell: recovery },
  { head: "Commit", cell: (one) => <code>{one.commit}</code> },
];

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
