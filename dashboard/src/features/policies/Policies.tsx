import { useMemo, useState } from "react";
import { type Pack, usePack, usePolicies, useSwitchPack } from "@/api/others";
import { holds, useMe } from "@/api/session";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { plural, title } from "@/components/format";
import { Lamp } from "@/components/Lamp";
import { Page, Section } from "@/components/Page";
import { Empty, Loaded } from "@/components/States";
import { type Column, Table } from "@/components/Table";
import { Time } from "@/components/Time";
import { complain, say } from "@/components/toasts";
import type { Look } from "@/status/tone";
import { DryRun } from "./DryRun";
import { LogoUpload } from "./LogoUpload";

const SEVERITY: Record<string, Look> = {
  blocking: { label: "Blocks", tone: "stop", says: "What breaks it cannot be approved." },
  review: { label: "Asks", tone: "wait", says: "A person has to look." },
  info: { label: "Remarks", tone: "idle", says: "It is said, and stops nothing." },
};

/** The rules that everything is held against, in packs that can be switched. */
export function Policies() {
  const asked = usePolicies();
  const me = useMe().data;
  const mayChange = holds(me, "compliance_officer");
  const [pack, setPack] = useState<string | null>(null);
  const [trying, setTrying] = useState(false);
  const [branding, setBranding] = useState(false);
  const mayBring = holds(me, "creator");
  return (
    <Page
      title="Policies"
      lead={asked.data && <>{plural(asked.data.rules.length, "rule")} in force as <code>{asked.data.version}</code>.{asked.data.reevaluating && " What was approved is being looked at again."}</>}
      actions={(mayChange || mayBring) && <>{mayBring && <Button onClick={() => setBranding(true)}>Upload a logo …</Button>}{mayChange && <Button onClick={() => setTrying(true)}>Try a pack …</Button>}</>}
    >
      <Loaded asked={asked}>
        {(policies) => (
          <>
            <Section title="Packs">
              <Table label="Packs" rows={policies.packs} id={(one) => one.pack} columns={packColumns(setPack)} />
            </Section>
            <Rules rules={policies.rules} />
          </>
        )}
      </Loaded>
      <PackDialog name={pack} mayChange={mayChange} close={() => setPack(null)} />
      {branding && <LogoUpload close={() => setBranding(false)} />}
      {trying && <DryRun close={() => setTrying(false)} />}
    </Page>
  );
}

const packColumns = (open: (pack: string) => void): Column<Pack>[] => [
  { head: "Pack", room: "14rem", cell: (one) => <><button type="button" className="link" onClick={() => open(one.pack)}>{title(one.pack)}</button><p className="dim sm">{one.description}</p></> },
  { head: "State", cell: (one) => <Lamp look={packLook(one)} /> },
  { head: "Rules", right: true, cell: (one) => one.rules },
  { head: "Version", cell: (one) => <span className="faint sm">{one.version}</span> },
];

const packLook = (pack: Pack): Look => (pack.active ? { label: "In force", tone: "go", says: "Everything is held against it." } : { label: "Off", tone: "idle", says: "Its rules count for nothing." });

type Rule = { id: string; severity: string; text: string; remedy: string; pack: string };

const RULE_COLUMNS: Column<Rule>[] = [
  { head: "Rule", cell: (rule) => <code>{rule.id}</code> },
  { head: "Says", room: "16rem", cell: (rule) => <>{rule.text}<p className="faint sm">{rule.remedy}</p></> },
  { head: "Effect", cell: (rule) => <Lamp look={SEVERITY[rule.severity] ?? { label: rule.severity, tone: "idle", says: "" }} /> },
];

function Rules({ rules }: { rules: Rule[] }) {
  const [query, setQuery] = useState("");
  const found = useMemo(() => {
    const wanted = query.toLowerCase();
    return rules.filter((rule) => `${rule.id} ${rule.text} ${rule.remedy}`.toLowerCase().includes(wanted));
  }, [rules, query]);
  return (
    <Section title="Rules in force" side={<input className="input" type="search" style={{ width: "16rem" }} placeholder="Find a rule" aria-label="Find a rule" value={query} onChange={(event) => setQuery(event.target.value)} />}>
      {found.length ? (
        <Table label="Rules" rows={found} id={(rule) => rule.id} columns={RULE_COLUMNS} />
      ) : <Empty title="No rule says that" />}
    </Section>
  );
}

function PackDialog({ name, mayChange, close }: { name: string | null; mayChange: boolean; close: () => void }) {
  const asked = usePack(name ?? "");
  const change = useSwitchPack();
  const detail = asked.data;
  const act = (number: number | null) =>
    change.mutate({ pack: name as string, number }, { onSuccess: () => (say(number === null ? "Switched off. What was approved is looked at again." : "In force. What was approved is looked at again."), close()), onError: complain });
  return (
    <Dialog open={name !== null} close={close} wide title={title(name ?? "")} says={detail?.pack.description}>
      <Loaded asked={asked} rows={3}>
        {(one) => (
          <>
            <h3>Versions</h3>
            {one.versions.length ? (
              <table className="table sm">
                <tbody>
                  {one.versions.map((version) => (
                    <tr key={version.number}>
                      <td>{version.number}</td><td className="wide">{version.description || version.version}</td><td>{plural(version.rules, "rule")}</td><td className="dim">{version.made_by}, <Time at={version.made_at} /></td>
                      <td>{mayChange && one.pack.number !== version.number && <Button size="small" onClick={() => act(version.number)}>Put in force</Button>}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            ) : <p className="dim">It is the one that comes with Greenlight; nobody has made another.</p>}
            <h3>Who changed it</h3>
            {one.changes.length ? <ul className="sm">{one.changes.map((made, index) => <li key={index}>{made.made_by}: {made.action}{made.number ? ` version ${made.number}` : ""}, <Time at={made.made_at} /></li>)}</ul> : <p className="dim">Nobody.</p>}
            <div className="actions">
              <Button onClick={close}>Close</Button>
              {mayChange && one.pack.pack !== "base" && (one.pack.active ? <Button tone="stop" busy={change.isPending} onClick={() => act(null)}>Switch {title(one.pack.pack)} off</Button> : <Button tone="go" busy={change.isPending} onClick={() => act(one.pack.number ?? 0)}>Put {title(one.pack.pack)} in force</Button>)}
            </div>
          </>
        )}
      </Loaded>
    </Dialog>
  );
}
