/** A creator writes a brief, a reviewer decides twice with the keyboard alone, and the film is public. */
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { ask, EDGE, enter, findings, held, launch, openItem, settled } from "./studio";

const MINUTES = 60_000;
const BRIEF = "How tides work, 10 seconds";
let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

it("signs in by a link, writes a brief, decides, and sees it public [F3]", async () => {
  const author = await enter(browser, "admin");
  const { page } = author;

  // Nothing of the link is left, and no page can read what keeps them signed in.
  expect(page.url()).not.toContain(author.link);
  expect(await page.evaluate(() => document.cookie)).toMatch(/^greenlight_csrf=[0-9a-f]{64}$/);
  const kept = await author.context.cookies();
  expect(kept.filter((one) => one.httpOnly).map((one) => one.name).sort()).toEqual(["greenlight_session", "greenlight_token"]);
  expect(kept.every((one) => one.sameSite === "Strict")).toBe(true);

  await goTo(page, "n", "/new");
  await page.fill("#brief", BRIEF);
  await page.click("summary:has-text('Length')");
  await page.fill("#in-target_seconds", "10");
  await page.focus("#brief");
  await page.keyboard.press("Control+Enter");
  await page.waitForURL(/\/runs\/[0-9a-f-]{36}$/);
  const run = page.url().split("/").at(-1) as string;

  // The page moves by itself: it is not loaded again from here on.
  await page.evaluate(() => Object.assign(globalThis, { here: true }));
  await page.getByText("Ideas to review").first().waitFor({ timeout: 3 * MINUTES });

  const reviewer = await enter(browser, "reviewer");
  const ideas = (await held(run)).item.id;
  await decide(reviewer.page, ideas, "2");
  const approved = await ask<{ decisions: { decision: string; edit: object; decided_by: string }[] }>("reviewer", "GET", `/v1/airlock/items/${ideas}`);
  expect(approved.decisions).toMatchObject([{ decision: "approved", edit: { chosen: 1 }, decided_by: "reviewer" }]);

  await page.getByText("Film to review").first().waitFor({ timeout: 8 * MINUTES });
  await reviewer.page.goto(`${EDGE}/airlock`);
  await decide(reviewer.page, (await held(run, ideas)).item.id, "film");

  await page.locator(".standing").getByText("Completed").waitFor({ timeout: 4 * MINUTES });
  expect(await page.evaluate(() => (globalThis as { here?: boolean }).here)).toBe(true);
  await page.goto(`${EDGE}/published`);
  await page.getByText("Public", { exact: true }).first().waitFor({ timeout: 3 * MINUTES });
  expect([...author.broken, ...reviewer.broken]).toEqual([]);

  for (const path of ["/", "/new", "/screenplay", "/runs", `/runs/${run}`, "/airlock", "/published", "/library", "/policies", "/audit", "/workflows", "/insights", "/system", "/settings"]) {
    await page.goto(EDGE + path);
    await settled(page);
    expect(await findings(page), path).toEqual([]);
  }
});

/** Two keys after each other; on a machine that took too long between them, once more. */
async function goTo(page: Page, key: string, path: string): Promise<void> {
  while (new URL(page.url()).pathname !== path) {
    await page.keyboard.press("g");
    await page.keyboard.press(key);
    await page.waitForURL(EDGE + path, { timeout: 5_000 }).catch(() => undefined);
  }
}

/** From an item to a decision: no pointer, and at most six keys with the one that opens it. */
async function decide(page: Page, item: string, what: "2" | "film"): Promise<void> {
  let keys = 1;
  const press = async (key: string) => {
    keys += 1;
    await page.keyboard.press(key);
  };
  await goTo(page, "a", "/airlock");
  await openItem(page, item);
  await page.getByRole("button", { name: /^Approve/ }).waitFor();
  if (what === "film") {
    await page.waitForFunction(() => (document.querySelector("video")?.readyState ?? 0) >= 2);
    for (let frame = 1; frame <= 3; frame += 1) {
      await page.keyboard.press(".");
      await page.getByText(`frame ${frame} of`).waitFor();
    }
    expect(await findings(page)).toEqual([]);
  } else {
    await press(what);
  }
  await press("a");
  // The focus is on the first thing that is less than was asked for, where there is one.
  const losses = await page.locator(".accepting input").count();
  for (let loss = 0; loss < losses; loss += 1) {
    if (loss) await press("Tab");
    await press(" ");
  }
  await press("Enter");
  await page.waitForURL(`${EDGE}/airlock`);
  expect(keys).toBeLessThanOrEqual(6);
}
