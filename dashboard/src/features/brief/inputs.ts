/** A workflow's declared inputs as fields of a form. Pure. */
import type { Workflow } from "@/api/runs";

export type Given = Record<string, unknown>;
export interface Input {
  type: string;
  required: boolean;
  default: unknown;
  /** What it, or each item of a list, may be; none: anything of its type. */
  choices?: unknown[];
}

export const inputsOf = (workflow: Workflow): Record<string, Input> => workflow.inputs as unknown as Record<string, Input>;

/** What the form shows before anybody has typed: the defaults. */
export const emptyInput = (workflow: Workflow): Given =>
  Object.fromEntries(Object.entries(inputsOf(workflow)).map(([name, input]) => [name, input.default ?? ""]));

const isEmpty = (value: unknown): boolean =>
  value === undefined || value === null || (typeof value === "string" ? !value.trim() : Array.isArray(value) && !value.length);

/** Names of what is needed and not there. */
export const missing = (workflow: Workflow, given: Given): string[] =>
  Object.entries(inputsOf(workflow))
    .filter(([name, input]) => input.required && isEmpty(given[name]))
    .map(([name]) => name);

/** What cannot be sent, by the field's name: a sentence each. An empty field has its default. */
export function wrongs(workflow: Workflow, given: Given, now: number): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [name, { type }] of Object.entries(inputsOf(workflow))) {
    const written = given[name];
    const kept = Array.isArray(written) ? written : typeof written === "string" ? written.trim() : written;
    if (type === "int" && !isEmpty(kept) && !Number.isInteger(Number(kept))) found[name] = "A whole number, such as 20.";
    if (type === "float" && !isEmpty(kept) && !Number.isFinite(Number(kept))) found[name] = "A number, such as 2.5.";
    if (name === "speaker" && isHalf(kept)) found[name] = "A role needs a name.";
    const late = name === "window" && lateBy(kept, now);
    if (late) found[name] = late;
    if (name === "footage" && Array.isArray(kept) && kept.some((one) => isEmpty((one as Given).upload))) found[name] = "Choose a file for each scene.";
  }
  return found;
}

const isHalf = (speaker: unknown): boolean => {
  const { name, role } = (speaker || {}) as { name?: string; role?: string };
  return !name?.trim() && !!role?.trim();
};

/** What is wrong with when a post may go out; each end is an instant, or not there. */
function lateBy(window: unknown, now: number): string | false {
  const { not_before: from, not_after: until } = (window || {}) as { not_before?: string; not_after?: string };
  if (from && until && Date.parse(until) <= Date.parse(from)) return "It ends before it begins.";
  return !!until && Date.parse(until) <= now && "It is over already, so nothing could go out.";
}

/** What is sent: declared members alone, as their types, without those left as they were. */
export function inputFrom(workflow: Workflow, given: Given): Given {
  const sent: Given = {};
  for (const [name, input] of Object.entries(inputsOf(workflow))) {
    const value = valueOf(input.type, given[name]);
    if (value === undefined || JSON.stringify(value) === JSON.stringify(input.default)) continue;
    sent[name] = value;
  }
  return sent;
}

function valueOf(type: string, value: unknown): unknown {
  if (value === undefined || value === null || (typeof value === "string" && !value.trim())) return undefined;
  if (type === "int" || type === "float") return Number(value);
  if (type === "bool") return Boolean(value);
  if (type.startsWith("list") && typeof value === "string") {
    return value.split(",").map((one) => one.trim()).filter(Boolean);
  }
  if (type === "object") {
    const said = Object.entries(value as Given).filter(([, member]) => !isEmpty(member));
    return Object.fromEntries(said);
  }
  return typeof value === "string" ? value.trim() : value;
}

/** Objects that have fields of their own; what else is nested is given by the API alone. */
const DRAWN = ["footage", "speaker", "window"];

/** Whether a field can be shown for it. */
export const isShown = (name: string, input: Input): boolean =>
  /^(str|int|float|bool|list\[str\])$/.test(input.type) || !!input.choices?.length || DRAWN.includes(name);

/** A choice as people read it. */
export function told(choice: unknown): string {
  const { width, height } = (choice ?? {}) as { width?: number; height?: number };
  if (width && height) return `${width} × ${height}, ${width === height ? "square" : width > height ? "wide" : "upright"}`;
  return String(choice).replaceAll("_", " ");
}
