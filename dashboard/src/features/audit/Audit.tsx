import { useState } from "react";
import type { Airlock } from "@/api/client";
import { type AuditFilter, useAudit, useChain } from "@/api/others";
import { holds, useMe } from "@/api/session";
import { Button } from "@/components/Button";
import { Choices } from "@/components/Choices";
import { Dialog } from "@/components/Dialog";
import { plural, text, words } from "@/components/format";
import { Json } from "@/components/Json";
import { Lamp } from "@/components/Lamp";
import { Page } from "@/components/Page";
import { Scroll } from "@/components/Scroll";
import { Empty, Loaded } from "@/components/States";
import { Time } from "@/components/Time";
import { useAddress, useTyped } from "@/shell/address";
import { Link } from "@tanstack/react-router";
import { Reports } from "./Reports";

type Entry = Airlock["AuditView"];
const SPANS = { hour: 3_600_000, day: 86_400_000, week: 7 * 86_400_000, all: null } as const;
const SAID = { since: ["day", "hour", "week", "all"], q: "", actor: "", action: "" } as const;

/** The record that cannot be changed unseen: who did what, and whether the chain holds. */
export function Audit() {
  const me = useMe().data;
  const [{ since, ...words }, show] = useAddress(SAID);
  // The span is counted back from when it was asked for, so that the question stays the same until somebody asks another one.
  const [at, setAt] = useState(() => Date.now());
  const [open, setOpen] = useState<Entry | null>(null);
  const [reporting, setReporting] = useState(false);
  const ask = (change: Parameters<typeof show>[0]) => {
    setAt(Date.now());
    show(change);
  };
  const length = SPANS[since];
  const wanted: AuditFilter = Object.fromEntries(Object.entries(words).filter(([, value]) => value));
  if (length !== null) wanted.from = new Date(at - length).toISOString();
  const asked = useAudit(wanted);
  const entries = asked.data?.pages.flatMap((page) => page.items);
  if (me && !holds(me, "compliance_officer", "operator")) return <Page title="Audit"><Empty title="This is not yours to see">Compliance officers, operators and administrators read the record.</Empty></Page>;
  return (
    <Page title="Audit" lead={<Chain />} actions={<><Button onClick={() => setReporting(true)}>Reports …</Button><a className="button" href={exportOf(wanted)} download="audit.ndjson">Export</a></>}>
      <div className="strip">
        <Choices label="Since" value={since} onChange={(next) => ask({ since: next })} options={[["hour", "Last hour"], ["day", "Day"], ["week", "Week"], ["all", "All"]]} />
        <Word label="Words in an entry" known={words.q} tell={(q) => ask({ q })} />
        <Word label="Who" known={words.actor} tell={(actor) => ask({ actor })} />
        <Word label="Action, such as gate." known={words.action} tell={(action) => ask({ action })} />
      </div>
      <Loaded asked={{ ...asked, data: entries }} rows={12}>
        {(all) => (all.length ? (
          <>
            <Scroll label="Entries"><Entries entries={all} open={setOpen} /></Scroll>
            {asked.hasNextPage && <Button busy={asked.isFetchingNextPage} onClick={() => void asked.fetchNextPage()}>Older entries</Button>}
          </>
        ) : <Empty title="Nothing was recorded">Try a longer time, or fewer words.</Empty>)}
      </Loaded>
      {reporting && <Reports now={at} close={() => setReporting(false)} />}
      <Dialog open={open !== null} close={() => setOpen(null)} wide title={`Entry ${open?.seq ?? ""}`} says={open && <>Recorded <Time at={open.recorded_at} />; its hash covers the entry before it.</>}>
        {open && (open.entry ? <Json value={open.entry} /> : <p className="dim">What it said was erased; that it was said stays provable.</p>)}
        {open && <p className="faint sm" style={{ overflowWrap: "anywhere" }}>hash <code>{open.hash}</code><br />entry <code>{open.entry_sha256}</code></p>}
        <div className="actions"><Button onClick={() => setOpen(null)}>Close</Button></div>
      </Dialog>
    </Page>
  );
}

function Word({ label, known, tell }: { label: string; known: string; tell: (text: string) => void }) {
  const [typed, type] = useTyped(known, tell);
  return <input className="input" aria-label={label} placeholder={label} value={typed} onChange={(event) => type(event.target.value)} />;
}

/** Every entry that is like that, shown or not, as lines of JSON. */
const exportOf = (wanted: AuditFilter): string => `/v1/audit/export?${new URLSearchParams({ format: "ndjson", ...wanted }).toString()}`;

function Chain() {
  const chain = useChain();
  if (chain.isError && !chain.data) {
    return (
      <span className="standing">
        <Lamp look={{ label: "The chain could not be looked at", tone: "wait", says: "Whether it holds is not known." }} />
        <span>{chain.error.message}</span>
        <Button size="small" tone="quiet" busy={chain.isFetching} onClick={() => void chain.refetch()}>Look again</Button>
      </span>
    );
  }
  if (!chain.data) return <span className="dim">Looking at the chain …</span>;
  const { ok, entries, reason, first_bad_seq: bad, anchors, anchored_seq: anchored, gaps } = chain.data;
  return (
    <span className="standing">
      <Lamp look={ok ? { label: "The chain holds", tone: "go", says: chain.data.tail } : { label: "The chain is broken", tone: "stop", says: reason ?? "" }} />
      <span className="num">{plural(entries, "entry", "entries")}{!ok && `, the first that is wrong is ${bad}`}</span>
      <span title={chain.data.tail}>{anchors ? `signed up to ${anchored}` : "no signed anchor yet"}</span>
      {gaps.length > 0 && <span className="stop-tone" style={{ color: "var(--lamp)" }}>{plural(gaps.length, "gap")}</span>}
    </span>
  );
}

const Entries = ({ entries, open }: { entries: Entry[]; open: (entry: Entry) => void }) => (
  <table className="table">
    <thead><tr><th className="right">Entry</th><th>When</th><th>Who</th><th>Did</th><th>To</th><th>Result</th></tr></thead>
    <tbody>
      {entries.map((one) => {
        const said = (one.entry ?? {}) as Record<string, unknown>;
        const run = typeof said.run_id === "string" ? said.run_id : null;
        return (
          <tr key={one.seq}>
            <td className="right"><button type="button" className="link num" onClick={() => open(one)}>{one.seq}</button></td>
            <td className="dim" style={{ whiteSpace: "nowrap" }}><Time at={one.recorded_at} /></td>
            <td>{text(said.actor, "erased")}</td>
            <td style={{ whiteSpace: "nowrap" }}>{words(text(said.action))}</td>
            <td className="wide clip" style={{ minWidth: "10rem" }}>{run ? <Link to="/runs/$runId" params={{ runId: run }}>{text(said.resource)}</Link> : text(said.resource)}</td>
            <td className={said.result === "ok" ? "dim" : "stop-tone"} style={said.result === "ok" ? undefined : { color: "var(--lamp)" }}>{words(text(said.result))}</td>
          </tr>
        );
      })}
    </tbody>
  </table>
);
