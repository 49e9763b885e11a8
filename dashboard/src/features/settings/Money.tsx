import { type FormEvent, useState } from "react";
import type { Runs } from "@/api/client";
import { useBudgets, useLimits, useRemoveLimit, useSetLimit } from "@/api/others";
import { Button } from "@/components/Button";
import { dollars } from "@/components/format";
import { Section } from "@/components/Page";
import { Loaded } from "@/components/States";
import { type Column, Table } from "@/components/Table";
import { complain, say } from "@/components/toasts";

const KINDS: [Runs["LimitKind"], string, string][] = [
  ["usd_micros_of_a_day", "In one day", "Steps that would go over it wait until midnight, UTC."],
  ["usd_micros_of_a_run", "For one run", "For every run that is started without a budget of its own."],
  ["usd_micros_in_total", "In all", "For everything this tenant ever spends."],
];

type Budget = NonNullable<ReturnType<typeof useBudgets>["data"]>[number];

const COLUMNS: Column<Budget>[] = [
  { head: "Of", cell: (one) => (one.of === "total" ? "All time" : one.of) },
  { head: "Spent", right: true, cell: (one) => dollars(one.spent_usd) },
  { head: "Set aside", right: true, cell: (one) => dollars(one.reserved_usd) },
  { head: "Cap", right: true, cell: (one) => (one.cap_usd === null ? "none" : dollars(one.cap_usd)) },
];

/** Caps: money is set aside before a step begins, so they are never passed. */
export function Money() {
  const budgets = useBudgets();
  const limits = useLimits();
  return (
    <Section title="Money">
      <Loaded asked={budgets} rows={2}>
        {(all) => (
          <div style={{ marginBottom: "1.5rem" }}><Table label="Spending" rows={all} id={(one) => one.of} columns={COLUMNS} /></div>
        )}
      </Loaded>
      <Loaded asked={limits} rows={1}>
        {(all) => <div className="caps">{KINDS.map(([kind, label, says]) => <Cap key={kind} kind={kind} label={label} says={says} now={all.find((one) => one.kind === kind)?.at_most_usd ?? null} />)}</div>}
      </Loaded>
    </Section>
  );
}

function Cap({ kind, label, says, now }: { kind: Runs["LimitKind"]; label: string; says: string; now: string | number | null }) {
  const set = useSetLimit();
  const remove = useRemoveLimit();
  const [typed, setTyped] = useState(now === null ? "" : String(Number(now)));
  const save = (event: FormEvent) => {
    event.preventDefault();
    set.mutate({ kind, name: "", at_most_usd: typed.trim() }, { onSuccess: () => say(`${label}: at most ${dollars(typed)}.`), onError: complain });
  };
  return (
    <form className="field" onSubmit={save}>
      <label htmlFor={kind}>{label}, in dollars</label>
      <div style={{ display: "flex", gap: "0.5rem" }}>
        <input id={kind} className="input" inputMode="decimal" placeholder="No cap" value={typed} onChange={(event) => setTyped(event.target.value.replace(",", "."))} />
        {now !== null && <Button tone="quiet" busy={remove.isPending} onClick={() => remove.mutate(kind, { onSuccess: () => (setTyped(""), say(`${label}: no cap.`)), onError: complain })}>No cap</Button>}
        <Button type="submit" busy={set.isPending} disabled={!/^\d+(\.\d+)?$/.test(typed.trim())}>Set</Button>
      </div>
      <span className="hint">{says}</span>
    </form>
  );
}
