/** The smallest screen, the longest words, both directions, and whoever does not see it: every page, and what opens on it. */
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { cancel, EDGE, enter, findings, held, launch, settled, start } from "./studio";

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

/** Words that no line of a small screen holds. */
const LONG = "Warum das Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz und Donaudampfschifffahrtsgesellschaftskapitänsmützen so heißen";
const tooWide = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);

/** Nothing is wider than the screen, in either direction, and a screen reader finds its way. */
async function fits(page: Page, what: string): Promise<void> {
  expect(await tooWide(page), `${what} is too wide`).toBeLessThanOrEqual(0);
  expect(await findings(page), what).toEqual([]);
  await page.evaluate(() => (document.documentElement.dir = "rtl"));
  expect(await tooWide(page), `${what} is too wide from right to left`).toBeLessThanOrEqual(0);
  // Code stays as it is: braces and commas would change their places.
  const turned = await page.locator("pre, .mono").evaluateAll((all) => all.filter((one) => getComputedStyle(one).direction !== "ltr").length);
  expect(turned, `${what} has code from right to left`).toBe(0);
  await page.evaluate(() => (document.documentElement.dir = "ltr"));
}

it("fits the smallest screens with the longest words, in both directions, and says what it is to everybody", async () => {
  const run = await start(LONG);
  const item = (await held(run)).item.id;
  const { page, context, broken } = await enter(browser, "admin", { viewport: { width: 320, height: 640 }, colorScheme: "dark" });
  for (const path of ["/", "/runs", "/airlock", "/published", "/library", "/policies", "/audit", "/workflows", "/insights", "/system", "/settings", "/new"]) {
    await page.goto(EDGE + path);
    await settled(page);
    await fits(page, path);
  }

  await page.goto(`${EDGE}/audit`);
  await settled(page);
  await dialog(page, page.locator("td button").first(), "an entry of the record");

  await page.goto(`${EDGE}/runs`);
  await page.getByRole("button", { name: "Board" }).click();
  await settled(page);
  await fits(page, "the board");

  await page.goto(`${EDGE}/runs/${run}`);
  await settled(page);
  await fits(page, "a run");
  await dialog(page, page.getByRole("button", { name: "Fork …" }), "a fork");

  await page.goto(`${EDGE}/airlock/${item}`);
  await settled(page);
  await fits(page, "an item");
  await dialog(page, page.getByRole("button", { name: "Links …" }), "links for guests");
  await dialog(page, page.getByRole("button", { name: "Hold …" }), "a hold");

  await page.keyboard.press("?");
  await page.getByRole("dialog").waitFor();
  await fits(page, "the shortcuts");

  await context.clearCookies();
  await page.goto(`${EDGE}/sign-in`);
  await page.locator("h1").waitFor();
  await fits(page, "the sign-in");
  expect(broken).toEqual([]);
  await cancel(run);
});

async function dialog(page: Page, opener: Locator, what: string): Promise<void> {
  await opener.click();
  await page.getByRole("dialog").waitFor();
  await page.waitForFunction(() => !document.querySelector("[role=dialog] [aria-busy=true]"));
  await fits(page, `the dialog of ${what}`);
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
}
