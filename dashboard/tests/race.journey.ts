/** Two people decide about the same thing in the same moment: one of them wins, and the other sees who did what. */
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { ask, cancel, EDGE, enter, type Held, held, hire, launch, start } from "./studio";

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

it("counts one of two decisions, and tells the slower one who was quicker", async () => {
  const run = await start("Why cats purr");
  const { item } = await held(run);
  await hire("rhea", ["reviewer"]);
  const people = [await enter(browser, "reviewer"), await enter(browser, "rhea", { viewport: { width: 360, height: 740 } })] as const;
  for (const { page } of people) {
    await page.goto(`${EDGE}/airlock/${item.id}`);
    await page.getByRole("button", { name: "Reject" }).click();
    await page.fill("#reason", "Not this one.");
    // Each has to find out from the answer, not from having been told before.
    await page.route("**/v1/airlock/items/*", (route) => (route.request().method() === "GET" ? route.abort() : route.continue()));
  }
  await Promise.all(people.map(({ page }) => page.locator(".decide-form .button.stop").click()));
  const [first, second] = await Promise.all(people.map(({ page }) => outcome(page)));
  expect([first, second].sort()).toEqual(["lost", "won"]);

  const { decisions } = await ask<Held>("reviewer", "GET", `/v1/airlock/items/${item.id}`);
  expect(decisions).toMatchObject([{ decision: "rejected", decided_by: first === "won" ? "reviewer" : "rhea" }]);
  const slower = people[first === "won" ? 1 : 0].page;
  expect(await slower.locator(".decide .trouble").innerText()).toContain(decisions[0]?.decided_by);
  expect(people.flatMap(({ broken }) => broken)).toEqual([]);
  await cancel(run);
});

/** Who won is led back to the queue; who lost is told why and stays. */
const outcome = (page: Page): Promise<string> =>
  Promise.race([page.waitForURL(`${EDGE}/airlock`).then(() => "won"), page.locator(".decide .trouble").waitFor().then(() => "lost")]);
