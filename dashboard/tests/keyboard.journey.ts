/** No pointer at all: writing a brief, finding the item, rejecting it with a reason, and reading why the run ended. */
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { arrived, ask, EDGE, enter, findings, type Held, held, launch, openItem } from "./studio";

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

/** Tab until something with that name has the focus: what cannot be reached so is a defect. */
async function tabTo(page: Page, name: RegExp): Promise<void> {
  const seen: string[] = [];
  for (let presses = 0; presses < 80; presses += 1) {
    await page.keyboard.press("Tab");
    const said = await page.evaluate(() => {
      const now = document.activeElement;
      const label = now?.id ? document.querySelector(`label[for="${now.id}"]`)?.textContent : null;
      return now?.getAttribute("aria-label") ?? label ?? now?.textContent ?? "";
    });
    if (name.test(said.trim())) return;
    seen.push(said.trim().slice(0, 30));
  }
  throw new Error(`${name} is not reached by Tab; what is: ${seen.join(" | ")}`);
}

it("does a whole piece of work by keys", async () => {
  const author = await enter(browser, "admin");
  const { page } = author;
  // Keys are heard a moment after the page is drawn.
  const palette = page.locator("[role=dialog] input");
  while (!(await palette.isVisible())) {
    await page.keyboard.press("Control+k");
    await palette.waitFor({ timeout: 10_000 }).catch(() => undefined);
  }
  expect(await findings(page), "the palette").toEqual([]);
  await page.keyboard.type("New brief");
  await page.keyboard.press("Enter");
  await page.waitForURL(`${EDGE}/new`);
  await page.locator("#brief").waitFor();
  if (!(await page.evaluate(() => document.activeElement?.id === "brief"))) await tabTo(page, /brief|what/i);
  await page.locator("#brief").evaluate((field) => field === document.activeElement || Promise.reject(new Error("the brief has no focus")));
  await page.keyboard.type("Why onions make us cry");
  await page.keyboard.press("Control+Enter");
  await page.waitForURL(/\/runs\/[0-9a-f-]{36}$/);
  const run = page.url().split("/").at(-1) as string;
  const ideas = await held(run);

  const reviewer = await enter(browser, "reviewer");
  const other = reviewer.page;
  await other.evaluate(() => {
    Object.assign(globalThis, { pointers: 0 });
    addEventListener("pointerdown", () => ((globalThis as unknown as { pointers: number }).pointers += 1), true);
  });
  await tabTo(other, /^Airlock/);
  await other.keyboard.press("Enter");
  await other.waitForURL(`${EDGE}/airlock`);
  await other.locator(".item-line.chosen").waitFor();
  // Enter presses what has the focus, and opens an item only where nothing else is pressed.
  await tabTo(other, /^Due first/);
  await other.keyboard.press("Enter");
  await other.locator("button[aria-pressed=true]", { hasText: "Due first" }).waitFor();
  expect(new URL(other.url()).pathname).toBe("/airlock");
  await other.locator(".item-line.chosen").waitFor();
  await other.keyboard.press("k");
  await openItem(other, ideas.item.id);
  await other.getByRole("button", { name: /^Reject/ }).waitFor();
  await tabTo(other, /^What no check can see/);
  await other.keyboard.press("Space");
  await other.locator("details[open] > summary", { hasText: "What no check can see" }).waitFor();
  await other.keyboard.press("r");
  await other.waitForFunction(() => document.activeElement?.id === "reason");
  await other.keyboard.type("None of the three answers the question.");
  await other.keyboard.press("Control+Enter");
  await arrived(other, "/airlock");
  expect(await other.evaluate(() => (globalThis as unknown as { pointers: number }).pointers)).toBe(0);
  expect((await ask<Held>("reviewer", "GET", `/v1/airlock/items/${ideas.item.id}`)).decisions).toMatchObject([{ decision: "rejected", decided_by: "reviewer" }]);

  await page.getByText("Rejected: None of the three answers the question.").waitFor();
  expect([...author.broken, ...reviewer.broken]).toEqual([]);
});
