import { useWorkflows } from "@/api/runs";
import { useMe } from "@/api/session";
import { title } from "@/components/format";
import type { Asked } from "./filter";

const SINCE: [Asked["since"], string][] = [["today", "Since midnight"], ["week", "In the last 7 days"], ["month", "In the last 30 days"]];
const TOOK: [Asked["took"], string][] = [["minute", "Up to a minute"], ["longer", "Over a minute"], ["hour", "Over an hour"], ["day", "Over a day"]];

interface FiltersProps {
  asked: Asked;
  ask: (change: Partial<Asked>) => void;
}

/** Which workflow, whose, since when, and how long from start to end or until now. */
export function Filters({ asked, ask }: FiltersProps) {
  const me = useMe().data;
  const workflows = useWorkflows().data ?? [];
  const names = workflows.map((one): [string, string] => [one.name, one.title || title(one.name)]);
  const people: [string, string][] = me ? [[me.user_id, "Mine"]] : [];
  return (
    <div className="strip filters" id="filters" role="group" aria-label="Filters">
      {workflows.length > 1 && <Select label="Workflow" any="Every workflow" value={asked.workflow} options={known(names, asked.workflow)} choose={(workflow) => ask({ workflow })} />}
      {me && <Select label="Whose" any="Everybody's" value={asked.by} options={known(people, asked.by)} choose={(by) => ask({ by })} />}
      <Select label="Begun" any="Begun at any time" value={asked.since} options={SINCE} choose={(since) => ask({ since: since as Asked["since"] })} />
      <Select label="Duration" any="Of any length" value={asked.took} options={TOOK} choose={(took) => ask({ took: took as Asked["took"] })} />
    </div>
  );
}

/** The options, with one that an address names and this page would not offer. */
const known = (options: [string, string][], value: string): [string, string][] =>
  !value || options.some(([key]) => key === value) ? options : [...options, [value, value]];

interface SelectProps {
  label: string;
  any: string;
  value: string;
  options: [string, string][];
  choose: (value: string) => void;
}
const Select = ({ label, any, value, options, choose }: SelectProps) => (
  <select className={value ? "input set" : "input"} aria-label={label} value={value} onChange={(event) => choose(event.target.value)}>
    <option value="">{any}</option>
    {options.map(([key, said]) => <option key={key} value={key}>{said}</option>)}
  </select>
);
