import { useState } from "react";
import { type RunFilter, useWorkflows } from "@/api/runs";
import { useMe } from "@/api/session";
import { title } from "@/components/format";

const DAY_MS = 86_400_000;
const midnight = () => new Date().setHours(0, 0, 0, 0);
const SINCE: [said: string, since: () => number][] = [
  ["Since midnight", midnight],
  ["In the last 7 days", () => Date.now() - 7 * DAY_MS],
  ["In the last 30 days", () => Date.now() - 30 * DAY_MS],
];
const TOOK: [said: string, took: Pick<RunFilter, "min_seconds" | "max_seconds">][] = [
  ["Up to a minute", { max_seconds: 60 }],
  ["Over a minute", { min_seconds: 60 }],
  ["Over an hour", { min_seconds: 3600 }],
  ["Over a day", { min_seconds: 86_400 }],
];
const ANY = { min_seconds: undefined, max_seconds: undefined };
const said = ([words]: [string, ...unknown[]]): [string, string] => [words, words];

interface FiltersProps {
  filter: RunFilter;
  change: (filter: RunFilter) => void;
}

/** Which workflow, whose, since when, and how long from start to end or until now. */
export function Filters({ filter, change }: FiltersProps) {
  const me = useMe().data;
  const workflows = useWorkflows().data ?? [];
  const [since, setSince] = useState<string>();
  const took = TOOK.find(([, one]) => one.min_seconds === filter.min_seconds && one.max_seconds === filter.max_seconds)?.[0];
  const choose = (more: RunFilter) => change({ ...filter, ...more });
  return (
    <div className="strip filters" id="filters" role="group" aria-label="Filters">
      {workflows.length > 1 && (
        <Select
          label="Workflow"
          any="Every workflow"
          value={filter.workflow}
          options={workflows.map((one) => [one.name, one.title || title(one.name)])}
          choose={(workflow) => choose({ workflow })}
        />
      )}
      {me && <Select label="Whose" any="Everybody's" value={filter.created_by} options={[[me.user_id, "Mine"]]} choose={(created_by) => choose({ created_by })} />}
      <Select
        label="Begun"
        any="Begun at any time"
        value={since}
        options={SINCE.map(said)}
        choose={(words) => {
          const from = SINCE.find(([each]) => each === words)?.[1]();
          setSince(words);
          choose({ created_after: from === undefined ? undefined : new Date(from).toISOString() });
        }}
      />
      <Select
        label="Duration"
        any="Of any length"
        value={took}
        options={TOOK.map(said)}
        choose={(words) => choose({ ...ANY, ...TOOK.find(([each]) => each === words)?.[1] })}
      />
    </div>
  );
}

/** How many of them are set. */
export const countOf = (filter: RunFilter): number =>
  [filter.workflow, filter.created_by, filter.created_after, filter.min_seconds ?? filter.max_seconds].filter((set) => set !== undefined).length;

interface SelectProps {
  label: string;
  any: string;
  value?: string;
  options: [string, string][];
  choose: (value?: string) => void;
}
const Select = ({ label, any, value, options, choose }: SelectProps) => (
  <select className={value ? "input set" : "input"} aria-label={label} value={value ?? ""} onChange={(event) => choose(event.target.value || undefined)}>
    <option value="">{any}</option>
    {options.map(([key, said]) => <option key={key} value={key}>{said}</option>)}
  </select>
);
