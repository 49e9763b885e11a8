/** Pictures of the main pages in both themes, for readers of the README: see `./greenlight dev pictures`. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, it } from "vitest";
import { approve, cancel, EDGE, enter, held, launch, start, until, ask } from "./studio";

const FOLDER = process.env.GREENLIGHT_PICTURES ?? "";
const SHAPE = { width: 1280, height: 800 };
/** Text stays sharp, and a page is some 40 kB. */
const QUALITY = 82;
let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

async function take(page: Page, name: string): Promise<void> {
  await page.locator("h1").waitFor();
  await page.waitForFunction(() => !document.querySelector("[aria-busy=true]"));
  await page.evaluate(() => document.fonts.ready);
  await page.waitForLoadState("networkidle").catch(() => undefined);
  const wire = await page.context().newCDPSession(page);
  const { data } = await wire.send("Page.captureScreenshot", { format: "webp", quality: QUALITY });
  writeFileSync(join(FOLDER, `dashboard-${name}.webp`), Buffer.from(data, "base64"));
}

it("takes the main pages in both themes", async () => {
  const published = await start("How tides work", { target_seconds: 12 });
  const waiting = await start("Why the sky is blue", { target_seconds: 12 });
  const ideas = await start("How bees find their way home");
  for (const run of [published, waiting]) await approve(await held(run));
  const film = await held(waiting);
  const other = await held(published);
  await approve(other);
  await until(async () => ((await ask<{ state: string }>("admin", "GET", `/v1/runs/${published}`)).state === "completed" ? true : undefined));
  const choice = await held(ideas);

  for (const theme of ["dark", "light"] as const) {
    const { page } = await enter(browser, "admin", { viewport: SHAPE, colorScheme: theme });
    const pages: [string, string][] = [["home", "/"], ["runs", "/runs"], ["run", `/runs/${published}`], ["insights", "/insights"], ["new", "/new"]];
    for (const [name, path] of pages) {
      await page.goto(EDGE + path);
      await take(page, `${name}-${theme}`);
    }
    const reviewer = await enter(browser, "reviewer", { viewport: SHAPE, colorScheme: theme });
    await reviewer.page.goto(`${EDGE}/airlock/${film.item.id}`);
    await reviewer.page.waitForFunction(() => (document.querySelector("video")?.readyState ?? 0) >= 2);
    // A second into it there is more to see than the first frame.
    await reviewer.page.getByRole("slider", { name: "Frame", exact: true }).fill("45");
    await reviewer.page.getByText("frame 45 of").waitFor();
    await take(reviewer.page, `airlock-${theme}`);
    await reviewer.page.goto(`${EDGE}/airlock/${choice.item.id}`);
    await reviewer.page.locator(".judged summary").first().click();
    await take(reviewer.page, `ideas-${theme}`);
  }
  for (const run of [waiting, ideas]) await cancel(run);
});
