import { useNavigate } from "@tanstack/react-router";
import { useCallback, useState } from "react";
import { type Item, useAirlockStats, useQueue } from "@/api/airlock";
import { useBriefs } from "@/api/runs";
import { useMe } from "@/api/session";
import { Button } from "@/components/Button";
import { Choices } from "@/components/Choices";
import { plural } from "@/components/format";
import { Page } from "@/components/Page";
import { Empty, Loaded } from "@/components/States";
import { Time } from "@/components/Time";
import { useAddress } from "@/shell/address";
import { useKeys } from "@/shell/useKeys";
import { ITEM_STATUSES } from "@/status/item";
import { usePlaces, whyNot } from "./deciding";
import { ItemLine } from "./ItemLine";
import { Many } from "./Many";

const STATUSES = ["open", "all", "approved", "changes_requested", "rejected", "expired", "withdrawn", "releasing", "released", "release_failed"] as const;
const SAID = { order: ["risk", "due", "age"], status: STATUSES } as const;

/** What is held until somebody decides, the most pressing first. */
export function Queue() {
  const go = useNavigate();
  const me = useMe().data;
  const places = usePlaces(me);
  const [{ order, status }, show] = useAddress(SAID);
  const [at, setAt] = useState(0);
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const asked = useQueue(status === "all" ? undefined : status, order);
  const items = asked.data?.pages.flatMap((page) => page.items);
  const stats = useAirlockStats().data;
  const briefs = useBriefs();
  const id = items?.[Math.min(at, items.length - 1)]?.id;
  const mayPick = (item: Item) => item.status === "open" && !!me && whyNot(item, me, places) === null;
  const chosen = items?.filter((item) => picked.has(item.id) && mayPick(item)) ?? [];
  const pick = useCallback((one: string) => setPicked((now) => new Set(now.has(one) ? [...now].filter((other) => other !== one) : [...now, one])), []);
  useKeys(
    useCallback(
      (event) => {
        if (!items?.length) return false;
        if (event.key === "j" || event.key === "k") {
          const next = Math.max(0, Math.min(items.length - 1, at + (event.key === "j" ? 1 : -1)));
          setAt(next);
          // The item has the focus, so that Enter opens it and not what was pressed before.
          document.querySelector<HTMLElement>(`[data-item="${items[next]?.id}"] a`)?.focus();
          return true;
        }
        if (event.key === "x" && id) return pick(id), true;
        if (event.key === "Enter" && id) return void go({ to: "/airlock/$itemId", params: { itemId: id }, search: true }), true;
        return false;
      },
      [items, at, id, go, pick],
    ),
  );
  return (
    <Page title="Airlock" lead={stats && <Standing open={stats.by_status.open ?? 0} overdue={stats.overdue} oldest={stats.oldest_open_at} held={stats.held} />}>
      <div className="strip">
        <Choices label="Order" value={order} onChange={(now) => show({ order: now })} options={[["risk", "By risk"], ["due", "Due first"], ["age", "Oldest first"]]} />
        <select className="input" aria-label="Status" style={{ flex: "0 1 auto" }} value={status} onChange={(event) => (show({ status: event.target.value as (typeof STATUSES)[number] }), setAt(0))}>
          <option value="all">Every status</option>
          {Object.entries(ITEM_STATUSES).map(([name, look]) => <option key={name} value={name}>{look.label}</option>)}
        </select>
        <span className="faint sm keys-hint"><kbd>j</kbd> <kbd>k</kbd> to choose, <kbd>x</kbd> to pick, <kbd>Enter</kbd> to open</span>
      </div>
      <Loaded asked={{ ...asked, data: items }}>
        {(found) =>
          found.length ? (
            <>
              <ul className="list-rows">
                {found.map((item) => {
                  const brief = briefs.get(item.run_id ?? "");
                  const box = mayPick(item) && <input type="checkbox" className="item-pick" aria-label={`Choose ${brief || item.title}`} checked={picked.has(item.id)} onChange={() => pick(item.id)} />;
                  return <ItemLine key={item.id} item={item} brief={brief} chosen={item.id === id} pick={box} search />;
                })}
              </ul>
              {asked.hasNextPage && <Button onClick={() => void asked.fetchNextPage()}>More</Button>}
            </>
          ) : status === "open" ? (
            <Empty title="The airlock is empty">Nothing waits for a decision. Ideas and films come here before they go on.</Empty>
          ) : (
            <Empty title="No item is like that" />
          )
        }
      </Loaded>
      {chosen.length > 0 && <Many items={chosen} clear={() => setPicked(new Set())} />}
    </Page>
  );
}

const Standing = ({ open, overdue, oldest, held }: { open: number; overdue: number; oldest: string | null; held: number }) => (
  <>
    {plural(open, "item")} open{overdue > 0 && <strong className="stop-tone" style={{ color: "var(--lamp)" }}>, {overdue} overdue</strong>}
    {held > 0 && `, ${held} on hold`}
    {oldest && <>. The oldest came <Time at={oldest} />.</>}
  </>
);
