/** RFC 7396 between two objects, and what is other between them for people. Pure. */
type Json = Record<string, unknown>;

export function mergePatch(before: Json, after: Json): Json {
  const patch: Json = {};
  for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
    if (!(name in after)) patch[name] = null;
    else if (JSON.stringify(before[name]) !== JSON.stringify(after[name])) patch[name] = after[name];
  }
  return patch;
}

/** The members that are other afterwards; what is gone is not among them. */
export const replaced = (before: Json, after: Json): Json =>
  Object.fromEntries(Object.entries(after).filter(([name, value]) => JSON.stringify(before[name]) !== JSON.stringify(value)));

export const changed = (before: Json, after: Json): { name: string; before: string; after: string }[] =>
  Object.keys(mergePatch(before, after)).map((name) => ({
    name,
    before: name in before ? shown(before[name]) : "",
    after: name in after ? shown(after[name]) : "",
  }));

const shown = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));
