/** Two people decide at once: one of them wins, and the other sees who did what. A phone shows all of it. */
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { approve, cancel, EDGE, enter, findings, held, launch, start } from "./studio";

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

it("shows the slower one who was quicker, on a phone", async () => {
  const run = await start("Why cats purr");
  const item = (await held(run)).item.id;
  const { page, broken } = await enter(browser, "reviewer", { width: 360, height: 740 });
  await page.goto(`${EDGE}/airlock/${item}`);
  await page.getByRole("button", { name: "Reject" }).click();
  await page.fill("#reason", "Not this one.");
  // Somebody else decides while this person writes; the answer has not been seen here yet.
  await page.route("**/v1/airlock/items/*", (route) => (route.request().method() === "GET" ? route.abort() : route.continue()));
  await approve(await held(run));
  await page.locator(".decide-form .button.stop").click();
  const trouble = page.locator(".decide .trouble");
  await trouble.waitFor();
  expect(await trouble.innerText()).toContain("reviewer");
  expect(broken).toEqual([]);
  await cancel(run);
});

/** Words that no line of a small screen holds. */
const LONG = "Warum das Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz und Donaudampfschifffahrtsgesellschaftskapitänsmützen so heißen";

it("fits the smallest screens with the longest words, in both directions, and says what it is to everybody", async () => {
  const run = await start(LONG);
  const item = (await held(run)).item.id;
  const { page, context } = await enter(browser, "reviewer", { width: 320, height: 640 }, { colorScheme: "dark" });
  const tooWide = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  for (const path of ["/", "/runs", `/runs/${run}`, "/airlock", `/airlock/${item}`, "/published", "/library", "/policies", "/workflows", "/insights", "/system", "/settings", "/new"]) {
    await page.goto(EDGE + path);
    await page.locator("h1").waitFor();
    await page.waitForFunction(() => !document.querySelector("[aria-busy=true]"));
    expect(await tooWide(), `${path} is too wide`).toBeLessThanOrEqual(0);
    expect(await findings(page), path).toEqual([]);
    await page.evaluate(() => (document.documentElement.dir = "rtl"));
    expect(await tooWide(), `${path} is too wide from right to left`).toBeLessThanOrEqual(0);
  }
  await context.clearCookies();
  await page.goto(`${EDGE}/sign-in`);
  await page.locator("h1").waitFor();
  expect(await findings(page), "sign-in").toEqual([]);
  await cancel(run);
});
