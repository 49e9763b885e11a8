/** The network is gone for half a minute while a run goes on: afterwards the page has every entry of its history, and each of them once. */
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { approve, ask, cancel, enter, findings, held, launch, start, until } from "./studio";
import { layWire, type Wire } from "./wire";

const OUTAGE_MS = 30_000;
/** So much happens at least while nobody hears it. */
const MISSED = 5;
let browser: Browser;
let wire: Wire;
beforeAll(async () => {
  [browser, wire] = await Promise.all([launch(), layWire()]);
});
afterAll(async () => {
  await browser.close();
  wire.close();
});

interface Said {
  op: string;
  run_id: string;
  from_seq?: number;
}
const headOf = async (run: string): Promise<number> =>
  (await ask<{ seq: number }[]>("admin", "GET", `/v1/runs/${run}/history?limit=1000`)).at(-1)?.seq ?? 0;

it("misses nothing and repeats nothing", async () => {
  const run = await start("How bread rises", { target_seconds: 10 });
  const ideas = await held(run);
  const { page, broken } = await enter(browser, "admin", { edge: wire.edge });
  const said: Said[] = [];
  const histories: string[] = [];
  page.on("websocket", (socket) => socket.on("framesent", ({ payload }) => said.push(JSON.parse(String(payload)) as Said)));
  page.on("request", (request) => request.url().includes("/history") && histories.push(request.url()));

  await page.goto(`${wire.edge}/runs/${run}`);
  await page.getByRole("button", { name: /^History/ }).click();
  const shown = () => page.locator(".log li").evaluateAll((all) => all.map((one) => Number(one.querySelector("button > span")?.textContent)));
  await until(async () => ((await shown()).length > 0 && said.some((one) => one.run_id === run) ? true : undefined));
  const before = (await shown()).at(-1) ?? 0;
  const asked = histories.length;

  const since = Date.now();
  wire.cut();
  await page.getByText("Not connected.").waitFor();
  await approve(ideas);
  expect(await findings(page), "the banner of an outage").toEqual([]);
  const gone = await until(async () => {
    const head = await headOf(run);
    return Date.now() - since >= OUTAGE_MS && head >= before + MISSED ? head : undefined;
  });
  expect((await shown()).at(-1)).toBe(before);

  wire.mend();
  await page.getByRole("button", { name: "Try now" }).click().catch(() => undefined);
  await page.getByText("Not connected.").waitFor({ state: "detached" });
  await until(async () => (((await shown()).at(-1) ?? 0) >= gone ? true : undefined));
  // What happens from now on is heard again as it happens.
  await cancel(run);
  const head = await until(async () => ((await ask<{ state: string }>("admin", "GET", `/v1/runs/${run}`)).state === "cancelled" ? await headOf(run) : undefined));
  await until(async () => (((await shown()).at(-1) ?? 0) >= head ? true : undefined));
  expect(await shown()).toEqual(Array.from({ length: (await shown()).length }, (_, index) => index + 1));
  // It went on after the last entry that was seen: nothing was asked for again from the beginning.
  expect(said.filter((one) => one.run_id === run && one.op === "subscribe").at(-1)?.from_seq).toBe(before);
  expect(histories.length).toBe(asked);
  expect(broken).toEqual([]);
});
