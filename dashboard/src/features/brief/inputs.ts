/** A workflow's declared inputs as fields of a form. Pure. */
import type { Workflow } from "@/api/runs";

export type Given = Record<string, unknown>;
export interface Input {
  type: string;
  required: boolean;
  default: unknown;
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
  if (value === undefined || value === null || value === "") return undefined;
  if (type === "int" || type === "float") return Number.isFinite(Number(value)) ? Number(value) : undefined;
  if (type === "bool") return Boolean(value);
  if (type.startsWith("list") && typeof value === "string") {
    return value.split(",").map((one) => one.trim()).filter(Boolean);
  }
  return typeof value === "string" ? value.trim() : value;
}

/** Whether a field can be shown for it; what is nested is given by the API alone. */
export const isPlain = (input: Input): boolean => /^(str|int|float|bool|list\[str\])$/.test(input.type);
