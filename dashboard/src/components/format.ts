/** Numbers and times for people. Pure, so that the tests can say what now is. */
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

// Making one takes longer than drawing a row, so each is made once.
const DATE = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric" });
const INSTANT = new Intl.DateTimeFormat("en-GB", { dateStyle: "full", timeStyle: "medium" });
const COUNT = new Intl.NumberFormat("en");

/** "just now", "4 min ago", "in 2 h"; a date beyond a week. */
export function relative(iso: string, now: number): string {
  const at = Date.parse(iso);
  const away = Math.abs(at - now);
  const said = away < 45_000 ? null : span(away);
  if (said === null) return at <= now ? "just now" : "in a moment";
  if (away >= 7 * DAY) return DATE.format(at);
  return at <= now ? `${said} ago` : `in ${said}`;
}

/** The largest unit that fits, rounded: "4 min", "2 h", "3 d". */
export function span(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 10_000) return `${(ms / 1000).toFixed(1)} s`;
  if (ms < 90_000) return `${Math.round(ms / 1000)} s`;
  if (ms < 90 * MINUTE) return `${Math.round(ms / MINUTE)} min`;
  if (ms < 36 * HOUR) return `${Math.round(ms / HOUR)} h`;
  return `${Math.round(ms / DAY)} d`;
}

export const exact = (iso: string): string => INSTANT.format(Date.parse(iso));

/** `$0.00` for nothing, more digits only for less than a cent. */
export function dollars(amount: string | number | null | undefined): string {
  const value = Number(amount ?? 0);
  if (value === 0) return "$0.00";
  return Math.abs(value) < 0.01 ? `$${value.toFixed(4)}` : `$${value.toFixed(2)}`;
}

export function bytes(size: number): string {
  if (size < 1000) return `${size} B`;
  if (size < 1_000_000) return `${(size / 1000).toFixed(0)} kB`;
  return `${(size / 1_000_000).toFixed(1)} MB`;
}

/** `00:07.4`: minutes, seconds and tenths of a film. */
export function clock(ms: number): string {
  const tenths = Math.floor(Math.max(0, ms) / 100);
  const seconds = Math.floor(tenths / 10);
  return `${String(Math.floor(seconds / 60)).padStart(2, "0")}:${String(seconds % 60).padStart(2, "0")}.${tenths % 10}`;
}

/** What a service sent without a type, as it is said: nothing of it where it is no single value. */
export const text = (value: unknown, otherwise = ""): string =>
  typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? String(value) : otherwise;

/** `compliance_officer` → `compliance officer`; the first letter large where it begins a line. */
export const words = (name: string): string => name.replaceAll("_", " ").replaceAll(".", " · ");
export const title = (name: string): string => words(name).replace(/^./, (letter) => letter.toUpperCase());
export const short = (id: string): string => id.slice(-8);
export const plural = (count: number, one: string, many = `${one}s`): string => `${COUNT.format(count)} ${count === 1 ? one : many}`;
