/** A concept becomes a screenplay: asked for by a form, followed as it is written, put right by a reviewer, taken away. */
import { readFileSync } from "node:fs";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { acceptAll, EDGE, enter, findings, held, launch, until } from "./studio";

const CONCEPT = "A lonely lighthouse keeper discovers that her light draws ships from the past.";
const MINUTES = 60_000;
let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

it("writes a screenplay, has it put right and approved, and takes it away as a file [F44]", async () => {
  const { page, context, broken } = await enter(browser, "admin");
  await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: EDGE });
  while (new URL(page.url()).pathname !== "/screenplay") {
    await page.keyboard.press("g");
    await page.keyboard.press("y");
    await page.waitForURL(`${EDGE}/screenplay`, { timeout: 5_000 }).catch(() => undefined);
  }

  // What is missing is said where it is missing, and nothing is sent.
  await page.getByLabel("Minutes").fill("0");
  await page.getByRole("button", { name: "Write the screenplay" }).click();
  await page.getByText("A sentence about the film is needed.").waitFor();
  await page.getByText("A whole number of minutes, from 1 to 240.").waitFor();
  expect(await page.evaluate(() => document.activeElement?.id)).toBe("screenplay-concept");
  expect(await findings(page)).toEqual([]);

  await page.getByLabel("Concept").fill(CONCEPT);
  await page.getByLabel("Minutes").fill("12");
  await page.getByLabel("Written by").selectOption("offline");
  await page.keyboard.press("Control+Enter");
  await page.waitForURL(/\/screenplay\/[0-9a-f-]{36}$/);
  const run = page.url().split("/").at(-1) as string;

  // The page moves by itself: it is not loaded again from here on.
  await page.evaluate(() => Object.assign(globalThis, { here: true }));
  await page.getByRole("heading", { level: 1, name: "The Lighthouse Keeper and the Light" }).waitFor({ timeout: 3 * MINUTES });
  await page.getByText("Screenplay to review").first().waitFor({ timeout: 3 * MINUTES });
  await page.getByText("INT. LIGHTHOUSE - DAY").first().waitFor();
  await page.getByText("Draft", { exact: true }).waitFor();
  expect(await findings(page)).toEqual([]);

  const item = await held(run);
  const reviewer = await enter(browser, "reviewer");
  await reviewer.page.goto(`${EDGE}/airlock/${item.item.id}`);
  await reviewer.page.getByLabel("Title", { exact: true }).fill("What the Light Took");
  expect(await findings(reviewer.page)).toEqual([]);
  await reviewer.page.getByRole("button", { name: /^Approve/ }).click();
  await acceptAll(reviewer.page);
  await reviewer.page.getByRole("button", { name: /^Approve screenplay/ }).click();
  await reviewer.page.waitForURL(`${EDGE}/airlock`);

  await page.getByRole("heading", { level: 1, name: "What the Light Took" }).waitFor({ timeout: 3 * MINUTES });
  expect(await page.evaluate(() => (globalThis as { here?: boolean }).here)).toBe(true);
  await page.getByRole("link", { name: "Text" }).waitFor();
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "Fountain" }).click()]);
  expect(download.suggestedFilename()).toBe("what-the-light-took.fountain");
  const fountain = readFileSync(await download.path(), "utf8");
  expect(fountain).toMatch(/^Title: What the Light Took\nCredit: Outline, as approved\n/);
  await page.getByRole("button", { name: "Copy" }).click();
  await page.getByText("Copied.").waitFor();
  const copied = await until(async () => (await page.evaluate(() => navigator.clipboard.readText())) || undefined);
  expect(copied).toContain("WHAT THE LIGHT TOOK");
  expect(copied).toContain("ACT THREE");

  // The smallest phone scrolls down and not sideways.
  await page.setViewportSize({ width: 320, height: 640 });
  for (const path of [`/screenplay/${run}`, "/screenplay"]) {
    await page.goto(EDGE + path);
    await page.locator("h1").waitFor();
    await page.waitForFunction(() => !document.querySelector("[aria-busy=true]"));
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), path).toBeLessThanOrEqual(0);
    expect(await findings(page), path).toEqual([]);
  }
  expect([...broken, ...reviewer.broken]).toEqual([]);
});

it("stops what is being written, and says what is not there", async () => {
  const { page, broken } = await enter(browser, "admin");
  await page.goto(`${EDGE}/screenplay`);
  await page.getByLabel("Concept").fill("The last beekeeper on Mars has to choose between the bees and the colony.");
  await page.getByRole("button", { name: "Write the screenplay" }).click();
  await page.waitForURL(/\/screenplay\/[0-9a-f-]{36}$/);
  await page.getByRole("button", { name: "Cancel" }).click();
  await page.locator(".standing").getByText("Cancelled").waitFor({ timeout: MINUTES });
  await page.getByRole("button", { name: "Cancel" }).waitFor({ state: "detached" });
  await page.goto(`${EDGE}/screenplay/00000000-0000-7000-8000-000000000000`);
  await page.getByText("There is nothing here").waitFor();
  expect(broken).toEqual([]);
});
