// What a real Chromium takes: `node browser.mjs '{"what": "open", …}'` prints one line of JSON.
// `live` prints "ready" when it follows the run, and goes on until it is told how many entries there were.
import { chromium } from "../../dashboard/node_modules/playwright-core/index.mjs";

const given = JSON.parse(process.argv[2]);
const PATIENCE_MS = 300_000;
const ROW = "[role=rowgroup] [role=row]";
const browser = await chromium.launch({ executablePath: given.chromium, args: ["--no-sandbox"] });
const context = await browser.newContext({ viewport: { width: 1360, height: 850 } });
const page = await context.newPage();
page.setDefaultTimeout(PATIENCE_MS);
await page.goto(given.link);
await page.waitForURL(`${given.edge}/`);
await page.locator("h1").waitFor();

/** What a page had of the processor since this was called: no other program's load makes it more. */
async function working(of) {
  const asked = await of.context().newCDPSession(of);
  await asked.send("Performance.enable", { timeDomain: "threadTicks" });
  const now = async () => Object.fromEntries((await asked.send("Performance.getMetrics")).metrics.map((one) => [one.name, one.value]));
  const before = await now();
  return async () => Math.round(1000 * ((await now()).TaskDuration - before.TaskDuration));
}

/** Everything a first visit fetches before it is still, packed as it came; what the API says is counted apart. */
async function open(path) {
  const fresh = await browser.newContext({ viewport: { width: 1360, height: 850 }, storageState: await context.storageState() });
  const visit = await fresh.newPage();
  visit.setDefaultTimeout(PATIENCE_MS);
  await visit.addInitScript(() => {
    globalThis.long = [];
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) globalThis.lcp = entry.startTime;
    }).observe({ type: "largest-contentful-paint", buffered: true });
    new PerformanceObserver((list) => globalThis.long.push(...list.getEntries().map((one) => one.duration))).observe({ type: "longtask", buffered: true });
  });
  const worked = await working(visit);
  await visit.goto(given.edge + path);
  await visit.locator("h1").waitFor();
  await visit.waitForFunction(() => !document.querySelector("[aria-busy=true]"));
  await visit.waitForLoadState("networkidle").catch(() => undefined);
  const found = await visit.evaluate(() => {
    const all = performance.getEntriesByType("resource");
    const api = all.filter((one) => /\/(v1|v2|ws)(\/|$)/.test(new URL(one.name).pathname));
    const files = all.filter((one) => !api.includes(one));
    const document_ = performance.getEntriesByType("navigation")[0];
    const weigh = (those) => those.reduce((sum, one) => sum + one.encodedBodySize, 0);
    return {
      lcp_ms: globalThis.lcp,
      bytes: document_.encodedBodySize + weigh(files),
      files: files.map((one) => ({ name: new URL(one.name).pathname, bytes: one.encodedBodySize })),
      asked: api.length,
      asked_bytes: weigh(api),
      long_ms: globalThis.long,
    };
  });
  const worked_ms = await worked();
  await fresh.close();
  return { ...found, worked_ms };
}

/** From a key or a click, at the instant the browser got it, to the picture that has what was asked for. */
async function interact() {
  await page.goto(`${given.edge}/runs`);
  await page.locator(ROW).first().waitFor();
  await page.evaluate(() => {
    globalThis.took = [];
    // What is looked for is said before the key or the click comes.
    globalThis.expect = (what, row) => {
      const found = () =>
        what === "row" ? document.querySelector(".row.chosen")?.getAttribute("aria-rowindex") === String(row) : !!document.querySelector(what === "Board" ? ".board li" : "[role=rowgroup] [role=row]");
      globalThis.begun = undefined;
      const begin = (event) => (globalThis.begun ??= event.timeStamp);
      addEventListener("keydown", begin, { capture: true, once: true });
      addEventListener("pointerdown", begin, { capture: true, once: true });
      const look = () => {
        if (globalThis.begun === undefined || !found()) return requestAnimationFrame(look);
        // What comes behind a frame's callbacks is behind its paint.
        const channel = new MessageChannel();
        channel.port1.onmessage = () => {
          removeEventListener("keydown", begin, { capture: true });
          removeEventListener("pointerdown", begin, { capture: true });
          globalThis.took.push(performance.now() - globalThis.begun);
        };
        channel.port2.postMessage(null);
      };
      requestAnimationFrame(look);
    };
  });
  const worked = await working(page);
  const acts = ["row", "row", "Board", "List"];
  let row = 0;
  for (let count = 0; count < 40; count += 1) {
    const what = acts[count % acts.length];
    if (what === "row") row += 1;
    await page.evaluate(([one, at]) => globalThis.expect(one, at), [what, row]);
    if (what === "row") await page.keyboard.press("j");
    else await page.getByRole("button", { name: what, exact: true }).click();
    await page.waitForFunction((wanted) => globalThis.took.length === wanted, count + 1);
  }
  return { took: await page.evaluate(() => globalThis.took), worked_ms: await worked() };
}

/** Down the list by the wheel until so many rows were there: how long each picture took, and how many nodes there are. */
async function scroll(rows) {
  await page.goto(`${given.edge}/runs`);
  await page.locator(ROW).first().waitFor();
  await page.evaluate(() => {
    globalThis.frames = [];
    let last = performance.now();
    const tick = (now) => {
      globalThis.frames.push(now - last);
      last = now;
      requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
  });
  const worked = await working(page);
  await page.mouse.move(700, 500);
  const began = Date.now();
  let last = 0;
  let moved = Date.now();
  while (last < rows && Date.now() - moved < 30_000 && Date.now() - began < given.seconds * 1000) {
    await page.mouse.wheel(0, 20_000);
    await page.waitForTimeout(16);
    const now = await page.evaluate((row) => Number([...document.querySelectorAll(row)].at(-1)?.getAttribute("aria-rowindex") ?? 0), ROW);
    if (now !== last) moved = Date.now();
    last = now;
  }
  const seconds = (Date.now() - began) / 1000;
  const worked_ms = await worked();
  return page.evaluate((also) => ({ ...also, frames: globalThis.frames, nodes: document.querySelectorAll("*").length }), { rows: last, seconds, worked_ms });
}

/** From the instant in an entry, which is taken before its commit, to the picture that shows it. */
async function live() {
  await page.addInitScript((run) => {
    globalThis.arrived = [];
    const hear = (message) => {
      const now = performance.timeOrigin + performance.now();
      if (!message.data.includes(run)) return;
      for (const frame of [JSON.parse(message.data)].flat()) {
        if (frame.run_id === run && frame.seq !== null) globalThis.arrived.push(now - Date.parse(frame.at));
      }
    };
    globalThis.WebSocket = class extends WebSocket {
      constructor(...given) {
        super(...given);
        this.addEventListener("message", hear);
      }
    };
  }, given.run);
  await page.goto(`${given.edge}/runs/${given.run}`);
  await page.getByRole("button", { name: /^History/ }).click();
  await page.locator(".log li").first().waitFor();
  const before = await page.evaluate(() => {
    globalThis.late = [];
    const seen = new WeakSet(document.querySelectorAll(".log li"));
    new MutationObserver(() => {
      const fresh = [...document.querySelectorAll(".log li")].filter((one) => !seen.has(one));
      for (const one of fresh) seen.add(one);
      if (!fresh.length) return;
      // After the next frame was handed over: what comes behind a frame's callbacks is behind its paint.
      requestAnimationFrame(() => {
        const channel = new MessageChannel();
        channel.port1.onmessage = () => {
          const now = performance.timeOrigin + performance.now();
          for (const one of fresh) globalThis.late.push(now - Date.parse(one.querySelector("time").dateTime));
        };
        channel.port2.postMessage(null);
      });
    }).observe(document.querySelector(".log"), { childList: true, subtree: true });
    return document.querySelectorAll(".log li").length;
  });
  const worked = await working(page);
  // What came before, with the replay, is of the past.
  await page.evaluate(() => globalThis.arrived.splice(0));
  process.stdout.write("ready\n");
  let told = "";
  for await (const part of process.stdin) told += part;
  const worked_ms = await worked();
  // An entry that never shows is a failure, and not a better number.
  await page.waitForFunction((wanted) => globalThis.late.length >= wanted, Number(told) - before, { timeout: 30_000 });
  return { worked_ms, ...(await page.evaluate(() => ({ late: globalThis.late, arrived: globalThis.arrived }))) };
}

const does = { open: () => open(given.path), interact, scroll: () => scroll(given.rows), live };
const said = await does[given.what]();
await browser.close();
process.stdout.write(`${JSON.stringify(said)}\n`);
