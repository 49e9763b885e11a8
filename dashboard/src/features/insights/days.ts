/** Days of a period, each of them once: what nothing was told of is nothing, and not left out. Pure. */
const DAY_MS = 86_400_000;

/** From the day of `since` on, as many as there are until `until` (UTC). */
export function daysOf(since: string, until: number): Date[] {
  const first = Math.floor(Date.parse(since) / DAY_MS) * DAY_MS;
  const count = Math.floor(until / DAY_MS) - first / DAY_MS + 1;
  return Array.from({ length: Math.max(0, count) }, (_, index) => new Date(first + index * DAY_MS));
}

export interface Day {
  day: Date;
  usd: number;
}

export function spentByDay(since: string, until: number, shares: readonly { name: string; cost_usd: string | number }[]): Day[] {
  const spent = new Map(shares.map((one) => [one.name, Number(one.cost_usd)]));
  return daysOf(since, until).map((day) => ({ day, usd: spent.get(day.toISOString().slice(0, 10)) ?? 0 }));
}

/** What of those who began is at a place: 0 to 1. */
export const share = (part: number, of: number): number => (of > 0 ? part / of : 0);
export const percent = (part: number, of: number): string => `${Math.round(share(part, of) * 100)} %`;
