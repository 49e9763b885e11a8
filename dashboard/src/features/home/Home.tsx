import { Link } from "@tanstack/react-router";
import { useEffect } from "react";
import { useAirlockStats, useQueue } from "@/api/airlock";
import { type RunState, useBriefs, useRuns } from "@/api/runs";
import { holds, useMe } from "@/api/session";
import { useBudgets } from "@/api/others";
import { ButtonLink } from "@/components/Button";
import { dollars, plural } from "@/components/format";
import { Figure, Page, Section } from "@/components/Page";
import { Empty, Loaded } from "@/components/States";
import { Time } from "@/components/Time";
import { usePlaces, whyNot } from "../airlock/deciding";
import { ItemLine } from "../airlock/ItemLine";
import { briefOf, RunLine } from "../runs/RunLine";

const SHOWN = 6;
const UNDER_WAY: RunState[] = ["pending", "running", "waiting", "paused"];
/** So many of the most pressing items are looked through for those that one may decide. */
const LOOKED_AT = 200;

/** What waits for me, what runs, what failed and what to do about it, and what today costs. */
export function Home() {
  const me = useMe().data;
  const name = me?.display_name ?? me?.user_id ?? "";
  return (
    <Page
      title={greeting(new Date().getHours(), name)}
      actions={holds(me, "creator", "operator") && <ButtonLink tone="go" to="/new">New brief</ButtonLink>}
    >
      <Totals />
      <Waiting />
      <Failed />
      <Running />
    </Page>
  );
}

const greeting = (hour: number, name: string): string =>
  `${hour < 5 ? "Good night" : hour < 12 ? "Good morning" : hour < 18 ? "Good afternoon" : "Good evening"}, ${name}`;

function Totals() {
  const me = useMe().data;
  const stats = useAirlockStats().data;
  const maySee = holds(me, "creator", "operator");
  const budgets = useBudgets(maySee).data;
  const today = budgets?.find((one) => /^\d{4}-/.test(one.of));
  const running = useRuns({ status: UNDER_WAY }, 100).data?.pages[0];
  const open = stats?.by_status.open ?? 0;
  return (
    <dl className="figures" style={{ marginBottom: "2.75rem" }}>
      <Figure label="Waiting for a decision" value={stats ? open : "–"} tone={open ? "wait" : undefined} says={stats?.oldest_open_at ? <>the oldest since <Time at={stats.oldest_open_at} /></> : "nothing is held"} />
      <Figure label="Overdue" value={stats ? stats.overdue : "–"} tone={stats?.overdue ? "stop" : undefined} says="past the time to decide" />
      <Figure label="Under way" value={running ? `${running.items.length}${running.next_cursor ? "+" : ""}` : "–"} says="queued, running, waiting or paused" />
      {maySee && (
        <Figure
          label="Spent today"
          value={today ? dollars(today.spent_usd) : "–"}
          says={today?.cap_usd ? `of ${dollars(today.cap_usd)}; ${dollars(today.reserved_usd)} set aside` : "no cap for a day is set"}
        />
      )}
    </dl>
  );
}

function Waiting() {
  const me = useMe().data;
  const queue = useQueue("open", "risk");
  const briefs = useBriefs();
  const all = queue.data?.pages.flatMap((page) => page.items);
  const places = usePlaces(me);
  const mine = me ? all?.filter((item) => whyNot(item, me, places) === null) : undefined;
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = queue;
  const few = mine !== undefined && mine.length < SHOWN && (all?.length ?? 0) < LOOKED_AT;
  useEffect(() => {
    if (few && hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [few, hasNextPage, isFetchingNextPage, fetchNextPage]);
  const others = (all?.length ?? 0) - (mine?.length ?? 0);
  const side = <Link to="/airlock" className="sm dim">{others ? `${plural(others, "item")} for others in the airlock` : "All of the airlock"}</Link>;
  return (
    <Section title="Waiting for you" side={side}>
      <Loaded asked={{ ...queue, data: mine }} rows={3}>
        {(items) =>
          items.length ? (
            <ul className="list-rows">{items.slice(0, SHOWN).map((item) => <ItemLine key={item.id} item={item} brief={briefs.get(item.run_id ?? "")} />)}</ul>
          ) : (
            <p className="dim">{others ? `Nothing you may decide${hasNextPage ? ` among the ${LOOKED_AT} most pressing` : ""}: nobody decides about their own briefs.` : "Nothing. Ideas and films appear here when they need somebody to decide."}</p>
          )
        }
      </Loaded>
    </Section>
  );
}

function Failed() {
  const asked = useRuns({ status: ["failed"] }, SHOWN);
  const failed = asked.data?.pages[0]?.items;
  if (asked.isPending || failed?.length === 0) return null;
  return (
    <Section title="Failed">
      <Loaded asked={{ ...asked, data: failed }}>
        {(runs) => (
          <ul className="list-rows">
            {runs.map((run) => (
              <li key={run.run_id}>
                <div style={{ minWidth: 0 }}>
                  <Link to="/runs/$runId" params={{ runId: run.run_id }} className="run-brief clip">{briefOf(run)}</Link>
                  <p className="dim sm">{run.error?.detail ?? "It failed without a reason."}</p>
                  {run.error?.next_action && <p className="sm">{run.error.next_action}</p>}
                </div>
                <Time at={run.updated_at} />
              </li>
            ))}
          </ul>
        )}
      </Loaded>
    </Section>
  );
}

/** What runs; where nothing does, what ran last. */
function Running() {
  const active = useRuns({ status: UNDER_WAY }, 12);
  const latest = useRuns({}, 12);
  const idle = active.data?.pages[0]?.items.length === 0;
  const runs = idle ? latest : active;
  return (
    <Section title={idle ? "Latest runs" : "Under way"} side={<Link to="/runs" className="sm dim">All runs</Link>}>
      <Loaded asked={{ ...runs, data: runs.data?.pages[0]?.items }} rows={4}>
        {(items) =>
          items.length ? (
            <ul className="list-rows">{items.map((run) => <RunLine key={run.run_id} run={run} />)}</ul>
          ) : (
            <Empty title="No film yet" action={<ButtonLink tone="go" to="/new">Write the first brief</ButtonLink>}>
              A sentence is enough: agents propose ideas, write, film and cut, and stop at the airlock for somebody to decide.
            </Empty>
          )
        }
      </Loaded>
    </Section>
  );
}

