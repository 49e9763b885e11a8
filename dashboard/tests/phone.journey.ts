/** Deciding in a train: the smallest phone, and fingers alone. */
import { type Browser, devices } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { acceptAll, ask, cancel, EDGE, enter, findings, type Held, held, launch, start } from "./studio";

const SMALLEST = { width: 320, height: 640 };
/** What a finger hits without aiming, in CSS pixels (WCAG 2.2, target size). */
const FINGER = 24;
let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

it("decides by touch on 320 by 640", async () => {
  const run = await start("Why the sea is salty");
  const ideas = await held(run);
  const { page, broken } = await enter(browser, "reviewer", { viewport: SMALLEST, hasTouch: true, isMobile: true, userAgent: devices["iPhone SE"]?.userAgent });
  await page.getByRole("navigation", { name: "Pages on small screens" }).getByRole("link", { name: /^Airlock/ }).tap();
  await page.waitForURL(`${EDGE}/airlock`);
  await page.locator(`[data-item="${ideas.item.id}"] a`).tap();
  await page.waitForURL(`${EDGE}/airlock/${ideas.item.id}`);
  await page.locator(".ideas button").nth(1).tap();
  const small = await page.locator(".decide button").evaluateAll(
    (all, least) => all.filter((one) => Math.min(one.getBoundingClientRect().width, one.getBoundingClientRect().height) < least).map((one) => one.textContent),
    FINGER,
  );
  expect(small).toEqual([]);
  expect(await findings(page)).toEqual([]);
  await page.getByRole("button", { name: /^Approve/ }).tap();
  await acceptAll(page);
  await page.locator(".decide-form .button.go").tap();
  await page.waitForURL(`${EDGE}/airlock`);
  const decided = await ask<Held>("reviewer", "GET", `/v1/airlock/items/${ideas.item.id}`);
  expect(decided.decisions).toMatchObject([{ decision: "approved", edit: { chosen: 1 }, decided_by: "reviewer" }]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
  expect(broken).toEqual([]);
  await cancel(run);
});

it("reads every table without moving it sideways", async () => {
  const { page, broken } = await enter(browser, "admin", { viewport: SMALLEST, hasTouch: true, isMobile: true });
  for (const path of ["/audit?since=all", "/policies", "/system", "/settings"]) {
    await page.goto(`${EDGE}${path}`);
    await page.locator("table tbody tr").first().waitFor();
    const wide = await page.getByRole("group").filter({ has: page.locator("table") }).evaluateAll((all) => all.filter((one) => one.scrollWidth > one.clientWidth).map((one) => one.getAttribute("aria-label")));
    expect([path, ...wide]).toEqual([path]);
    expect(await findings(page)).toEqual([]);
  }
  expect(broken).toEqual([]);
});
