import { useNavigate } from "@tanstack/react-router";
import { useCallback, useMemo, useState } from "react";
import { type Run, useRuns } from "@/api/runs";
import { holds, useMe } from "@/api/session";
import { Button, ButtonLink } from "@/components/Button";
import { Choices } from "@/components/Choices";
import { Page } from "@/components/Page";
import { Empty, Loaded } from "@/components/States";
import { useAddress, useTyped } from "@/shell/address";
import { useKeys } from "@/shell/useKeys";
import { Board } from "./Board";
import { Bulk } from "./Bulk";
import { countOf, filterOf, SAID } from "./filter";
import { Filters } from "./Filters";
import { List } from "./List";

/** Every run, as a list or as a board, and what may be done to many at once. */
export function RunsPage() {
  const me = useMe().data;
  const go = useNavigate();
  const [asking, ask] = useAddress(SAID);
  const [typed, type] = useTyped(asking.q, (q) => ask({ q }));
  const [opened] = useState(() => Date.now());
  const [filters, setFilters] = useState(countOf(asking) > 0);
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const [at, setAt] = useState(-1);
  const { view } = asking;
  const filter = filterOf(asking, opened);
  const asked = useRuns(filter, 100);
  const pages = asked.data?.pages;
  const runs = useMemo(() => pages?.flatMap((page) => page.items), [pages]);
  const more = asked.hasNextPage ? () => void asked.fetchNextPage() : undefined;
  const mayControl = holds(me, "operator");
  const pick = useCallback((id: string) => setPicked((now) => toggled(now, id)), []);

  useKeys(
    useCallback(
      (event) => {
        if (!runs?.length || view !== "list") return false;
        if (event.key === "j") return setAt((now) => Math.min(runs.length - 1, now + 1)), true;
        if (event.key === "k") return setAt((now) => Math.max(0, now - 1)), true;
        const run = runs[at];
        if (!run) return false;
        if (event.key === "Enter") return void go({ to: "/runs/$runId", params: { runId: run.run_id } }), true;
        if (event.key === "x" && mayControl) return pick(run.run_id), true;
        return false;
      },
      [runs, at, view, go, mayControl, pick],
    ),
  );

  return (
    <Page title="Runs" actions={holds(me, "creator", "operator") && <ButtonLink tone="go" to="/new">New brief</ButtonLink>}>
      <div className="strip">
        {view === "list" && <Choices label="State" value={asking.state} onChange={(state) => ask({ state })} options={[["all", "All"], ["active", "Under way"], ["waiting", "Waiting"], ["failed", "Failed"], ["done", "Done"]]} />}
        <input className="input" type="search" placeholder="Search in briefs" aria-label="Search in briefs" value={typed} onChange={(event) => type(event.target.value)} />
        <Button tone="quiet" aria-expanded={filters} aria-controls="filters" onClick={() => setFilters(!filters)}>
          Filters{countOf(asking) ? ` (${countOf(asking)})` : ""}
        </Button>
        <span style={{ flex: 1 }} />
        <Choices label="View" value={view} onChange={(now) => ask({ view: now })} options={[["list", "List"], ["board", "Board"]]} />
      </div>
      <div hidden={!filters}><Filters asked={asking} ask={ask} /></div>
      <Loaded asked={{ ...asked, data: runs }} rows={10}>
        {(found) => (found.length ? <Found view={view} runs={found} at={at} picked={picked} pick={mayControl ? pick : undefined} more={more} /> : <Nothing filtered={Object.keys(filter).length > 0} more={more} />)}
      </Loaded>
      {picked.size > 0 && <Bulk runs={(runs ?? []).filter((run) => picked.has(run.run_id))} clear={() => setPicked(new Set())} />}
    </Page>
  );
}

const toggled = (set: ReadonlySet<string>, id: string): ReadonlySet<string> => {
  const next = new Set(set);
  if (!next.delete(id)) next.add(id);
  return next;
};

interface FoundProps {
  view: "list" | "board";
  runs: Run[];
  at: number;
  picked: ReadonlySet<string>;
  pick?: (id: string) => void;
  more?: () => void;
}
const Found = (props: FoundProps) => (props.view === "board" ? <Board runs={props.runs} more={props.more} /> : <List {...props} />);

const Nothing = ({ filtered, more }: { filtered: boolean; more?: () => void }) => {
  if (!filtered) return <Empty title="No runs yet" action={<ButtonLink tone="go" to="/new">Write a brief</ButtonLink>}>Each brief becomes a run, and shows here as it goes.</Empty>;
  if (more) return <Empty title="None of the newest runs is like that" action={<Button onClick={more}>Look further back</Button>}>A thousand runs are looked at at a time.</Empty>;
  return <Empty title="No run is like that">Try fewer words, other filters, or another state.</Empty>;
};
