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
import { Empty, Loaded } from "@/components/States";
import { type Column, Table } from "@/components/Table";
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
            <Table label="Entries" rows={all} id={(one) => one.seq} columns={columns(setOpen)} />
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

const said = (one: Entry): Record<string, unknown> => (one.entry ?? {});

const columns = (open: (entry: Entry) => void): Column<Entry>[] => [
  { head: "Entry", right: true, cell: (one) => <button type="button" className="link num" onClick={() => open(one)}>{one.seq}</button> },
  { head: "When", dim: true, cell: (one) => <Time at={one.recorded_at} /> },
  { head: "Who", cell: (one) => text(said(one).actor, "erased") },
  { head: "Did", cell: (one) => words(text(said(one).action)) },
  {
    head: "To",
    room: "10rem",
    cut: true,
    cell: (one) => {
      const { run_id: run, resource } = said(one);
      return typeof run === "string" ? <Link to="/runs/$runId" params={{ runId: run }}>{text(resource)}</Link> : text(resource);
    },
  },
  { head: "Result", cell: (one) => <Result of={text(said(one).result)} /> },
];

const Result = ({ of }: { of: string }) => (of === "ok" ? <span className="dim">{words(of)}</span> : <span className="stop-tone" style={{ color: "var(--lamp)" }}>{words(of)}</span>);
