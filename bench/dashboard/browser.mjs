// What a real Chromium takes: `node browser.mjs '{"what": "open", …}'` prints one line of JSON.
// `live` prints "ready" when it follows the run, and goes on until its input ends.
import { chromium } from "../../dashboard/node_modules/playwright-core/index.mjs";

const given = JSON.parse(process.argv[2]);
const PATIENCE_MS = 300_000;
const browser = await chromium.launch({ executablePath: given.chromium, args: ["--no-sandbox"] });
const context = await browser.newContext({ viewport: { width: 1360, height: 850 } });
const page = await context.newPage();
page.setDefaultTimeout(PATIENCE_MS);
await page.goto(given.link);
await page.waitForURL(`${given.edge}/`);
await page.locator("h1").waitFor();

/** Everything a first visit fetches before it is still, packed as it came, without what the API says. */
async function open(path) {
  const fresh = await browser.newContext({ viewport: { width: 1360, height: 850 }, storageState: await context.storageState() });
  const visit = await fresh.newPage();
  visit.setDefaultTimeout(PATIENCE_MS);
  await visit.addInitScript(() => {
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) globalThis.lcp = entry.startTime;
    }).observe({ type: "largest-contentful-paint", buffered: true });
  });
  await visit.goto(given.edge + path);
  await visit.locator("h1").waitFor();
  await visit.waitForFunction(() => !document.querySelector("[aria-busy=true]"));
  await visit.waitForLoadState("networkidle").catch(() => undefined);
  const found = await visit.evaluate(() => {
    const files = performance.getEntriesByType("resource").filter((one) => !/\/(v1|v2|ws)(\/|$)/.test(new URL(one.name).pathname));
    const document_ = performance.getEntriesByType("navigation")[0];
    return {
      lcp_ms: globalThis.lcp,
      bytes: document_.encodedBodySize + files.reduce((sum, one) => sum + one.encodedBodySize, 0),
      files: files.map((one) => ({ name: new URL(one.name).pathname, bytes: one.encodedBodySize })),
    };
  });
  await fresh.close();
  return found;
}

/** From a key or a click to the next picture, as the browser itself counts it (in steps of 8 ms). */
async function interact() {
  await page.goto(`${given.edge}/runs`);
  await page.locator("[role=rowgroup] [role=row]").first().waitFor();
  await page.evaluate(() => {
    globalThis.took = new Map();
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        if (entry.interactionId) globalThis.took.set(entry.interactionId, Math.max(entry.duration, globalThis.took.get(entry.interactionId) ?? 0));
      }
    }).observe({ type: "event", durationThreshold: 16, buffered: true });
  });
  const interactions = 40;
  for (let count = 0; count < interactions; count += 4) {
    await page.keyboard.press("j");
    await page.keyboard.press("j");
    await page.getByRole("button", { name: "Board" }).click();
    await page.getByRole("button", { name: "List", exact: true }).click();
    await page.locator("[role=rowgroup] [role=row]").first().waitFor();
  }
  // What took less than the threshold is not told: it took at most that.
  return page.evaluate((wanted) => {
    const told = [...globalThis.took.values()];
    return [...told, ...Array(Math.max(0, wanted - told.length)).fill(16)];
  }, interactions);
}

/** Down the list by the wheel until so many rows were there: how long each picture took, and how many nodes there are. */
async function scroll(rows) {
  await page.goto(`${given.edge}/runs`);
  await page.locator("[role=rowgroup] [role=row]").first().waitFor();
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
  await page.mouse.move(700, 500);
  const began = Date.now();
  let last = 0;
  let still = 0;
  while (last < rows - 1 && still < 200) {
    await page.mouse.wheel(0, 20_000);
    await page.waitForTimeout(16);
    const now = await page.evaluate(() => Number([...document.querySelectorAll("[role=rowgroup] [role=row]")].at(-1)?.getAttribute("aria-rowindex") ?? 0));
    still = now === last ? still + 1 : 0;
    last = now;
    if (Date.now() - began > given.seconds * 1000) break;
  }
  return page.evaluate(({ last, seconds }) => ({ rows: last, seconds, frames: globalThis.frames, nodes: document.querySelectorAll("*").length }), { last, seconds: (Date.now() - began) / 1000 });
}

/** From the instant in an entry, which is taken before its commit, to the picture that shows it. */
async function live() {
  await page.goto(`${given.edge}/runs/${given.run}`);
  await page.getByRole("button", { name: /^History/ }).click();
  await page.locator(".log li").first().waitFor();
  await page.evaluate(() => {
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
  });
  process.stdout.write("ready\n");
  for await (const _ of process.stdin);
  return page.evaluate(() => globalThis.late);
}

const said = given.what === "open" ? await open(given.path) : given.what === "interact" ? await interact() : given.what === "scroll" ? await scroll(given.rows) : await live();
await browser.close();
process.stdout.write(`${JSON.stringify(said)}\n`);
