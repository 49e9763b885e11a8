import { useEffect, useState } from "react";
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
import { Link } from "@tanstack/react-router";

type Entry = Airlock["AuditView"];
const SPANS = { hour: 3_600_000, day: 86_400_000, week: 7 * 86_400_000, all: null } as const;
const TYPED_MS = 300;

/** The record that cannot be changed unseen: who did what, and whether the chain holds. */
export function Audit() {
  const me = useMe().data;
  const [span, setSpan] = useState<keyof typeof SPANS>("day");
  const [typed, setTyped] = useState<AuditFilter>({});
  // The span is counted back from when it was asked for, so that the question stays the same until somebody asks another one.
  const [filter, setFilter] = useState(() => ({ wanted: typed, at: Date.now() }));
  const [open, setOpen] = useState<Entry | null>(null);
  useEffect(() => {
    const timer = setTimeout(() => setFilter((now) => (now.wanted === typed ? now : { wanted: typed, at: Date.now() })), TYPED_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  const choose = (next: keyof typeof SPANS) => {
    if (next === span) return;
    setSpan(next);
    setFilter({ ...filter, at: Date.now() });
  };
  const length = SPANS[span];
  const wanted: AuditFilter = Object.fromEntries(Object.entries(filter.wanted).filter(([, value]) => value));
  if (length !== null) wanted.from = new Date(filter.at - length).toISOString();
  const asked = useAudit(wanted);
  const entries = asked.data?.pages.flatMap((page) => page.items);
  if (me && !holds(me, "compliance_officer", "operator")) return <Page title="Audit"><Empty title="This is not yours to see">Compliance officers, operators and administrators read the record.</Empty></Page>;
  const field = (name: "actor" | "action" | "q", label: string) => (
    <input className="input" aria-label={label} placeholder={label} value={typed[name] ?? ""} onChange={(event) => setTyped({ ...typed, [name]: event.target.value })} />
  );
  return (
    <Page title="Audit" lead={<Chain />} actions={<a className="button" href={exportOf(wanted)} download="audit.ndjson">Export</a>}>
      <div className="strip">
        <Choices label="Since" value={span} onChange={choose} options={[["hour", "Last hour"], ["day", "Day"], ["week", "Week"], ["all", "All"]]} />
        {field("q", "Words in an entry")}
        {field("actor", "Who")}
        {field("action", "Action, such as gate.")}
      </div>
      <Loaded asked={{ ...asked, data: entries }} rows={12}>
        {(all) => (all.length ? (
          <>
            <Scroll label="Entries"><Entries entries={all} open={setOpen} /></Scroll>
            {asked.hasNextPage && <Button busy={asked.isFetchingNextPage} onClick={() => void asked.fetchNextPage()}>Older entries</Button>}
          </>
        ) : <Empty title="Nothing was recorded">Try a longer time, or fewer words.</Empty>)}
      </Loaded>
      <Dialog open={open !== null} close={() => setOpen(null)} wide title={`Entry ${open?.seq ?? ""}`} says={open && <>Recorded <Time at={open.recorded_at} />; its hash covers the entry before it.</>}>
        {open && (open.entry ? <Json value={open.entry} /> : <p className="dim">What it said was erased; that it was said stays provable.</p>)}
        {open && <p className="faint sm" style={{ overflowWrap: "anywhere" }}>hash <code>{open.hash}</code><br />entry <code>{open.entry_sha256}</code></p>}
      </Dialog>
    </Page>
  );
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
