/** The connection is lost while a run goes on: afterwards the page has every entry of its history, and each of them once. */
import type { Browser, WebSocketRoute } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { approve, ask, cancel, EDGE, enter, held, launch, start, until } from "./studio";

/** So much happens while nobody hears it. On a quick machine that is what half a minute brings. */
const MISSED = 5;
let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

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
  const { page, context, broken } = await enter(browser, "admin");
  let sockets: WebSocketRoute[] = [];
  let down = false;
  const said: Said[] = [];
  await page.routeWebSocket(/\/ws/, (socket) => {
    if (down) return void socket.close();
    sockets.push(socket);
    const server = socket.connectToServer();
    socket.onMessage((message) => {
      said.push(JSON.parse(String(message)) as Said);
      server.send(message);
    });
    server.onMessage((message) => socket.send(message));
  });
  const histories: string[] = [];
  page.on("request", (request) => request.url().includes("/history") && histories.push(request.url()));

  await page.goto(`${EDGE}/runs/${run}`);
  await page.getByRole("button", { name: /^History/ }).click();
  const shown = () => page.locator(".log li").evaluateAll((all) => all.map((one) => Number(one.querySelector("button > span")?.textContent)));
  await until(async () => ((await shown()).length > 0 && said.some((one) => one.run_id === run) ? true : undefined));
  const before = (await shown()).at(-1) ?? 0;
  const asked = histories.length;

  down = true;
  await context.setOffline(true);
  for (const socket of sockets) await socket.close();
  sockets = [];
  await page.getByText("Not connected.").waitFor();
  await approve(ideas);
  const gone = await until(async () => ((await headOf(run)) >= before + MISSED ? await headOf(run) : undefined));
  expect((await shown()).at(-1)).toBe(before);

  down = false;
  await context.setOffline(false);
  await page.getByRole("button", { name: "Try now" }).click().catch(() => undefined);
  await page.getByText("Not connected.").waitFor({ state: "detached" });
  await until(async () => (((await shown()).at(-1) ?? 0) >= gone ? true : undefined));
  await held(run, ideas.item.id);
  const head = await headOf(run);
  await until(async () => (((await shown()).at(-1) ?? 0) >= head ? true : undefined));
  expect(await shown()).toEqual(Array.from({ length: (await shown()).length }, (_, index) => index + 1));
  // It went on after the last entry that was seen: nothing was asked for again from the beginning.
  expect(said.filter((one) => one.run_id === run && one.op === "subscribe").at(-1)?.from_seq).toBe(before);
  expect(histories.length).toBe(asked);
  expect(broken).toEqual([]);
  await cancel(run);
});
