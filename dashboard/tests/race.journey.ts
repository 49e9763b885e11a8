/** Two people decide at once: one of them wins, and the other sees who did what. A phone shows all of it. */
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { ask, EDGE, enter, findings, launch } from "./studio";

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

interface Held {
  items: { id: string; run_id: string; status: string; manifest_sha256: string }[];
}

async function held(brief: string): Promise<string> {
  const { run_id: run } = await ask<{ run_id: string }>("admin", "POST", "/v1/runs", { workflow: "short_video", input: { brief } });
  for (;;) {
    const queue = await ask<Held>("reviewer", "GET", "/v1/airlock/items?status=open&limit=100");
    const item = queue.items.find((one) => one.run_id === run);
    if (item) return item.id;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

it("shows the slower one who was quicker, on a phone", async () => {
  const item = await held("Why cats purr");
  const { page, broken } = await enter(browser, "reviewer", { width: 360, height: 740 });
  await page.goto(`${EDGE}/airlock/${item}`);
  await page.getByRole("button", { name: "Reject" }).click();
  await page.fill("#reason", "Not this one.");
  // Somebody else decides while this person writes; the answer has not been seen here yet.
  await page.route("**/v1/airlock/items/*", (route) => (route.request().method() === "GET" ? route.abort() : route.continue()));
  const seen = await ask<{ item: { manifest_sha256: string } }>("reviewer", "GET", `/v1/airlock/items/${item}`);
  await ask("reviewer", "POST", `/v1/airlock/items/${item}/decision`, { decision: "approved", manifest_sha256: seen.item.manifest_sha256 });
  await page.locator(".decide-form .button.stop").click();
  const trouble = page.locator(".decide .trouble");
  await trouble.waitFor();
  expect(await trouble.innerText()).toContain("reviewer");
  expect(broken).toEqual([]);
});

it("fits the smallest screens, and says what it is to everybody", async () => {
  const item = await held("Why leaves turn red");
  const { page } = await enter(browser, "reviewer", { width: 320, height: 640 });
  for (const path of ["/", "/runs", "/airlock", `/airlock/${item}`, "/published", "/policies", "/workflows", "/system", "/settings", "/new"]) {
    await page.goto(EDGE + path);
    await page.locator("h1").waitFor();
    await page.waitForFunction(() => !document.querySelector("[aria-busy=true]"));
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), `${path} is too wide`).toBeLessThanOrEqual(0);
    expect(await findings(page), path).toEqual([]);
  }
});
