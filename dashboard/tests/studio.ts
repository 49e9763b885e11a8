/** A browser for each person, and their way in. The stack is the one that `./greenlight dev dashboard-test` started. */
import { readFileSync } from "node:fs";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";

const needed = (name: string): string => {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set; run ./greenlight dev dashboard-test`);
  return value;
};

export const EDGE = needed("GREENLIGHT_EDGE");
export const KEYS = { admin: needed("GREENLIGHT_ADMIN_KEY"), reviewer: needed("GREENLIGHT_REVIEWER_KEY") };
/** For a busy machine; nothing waits longer than what it waits for. */
const PATIENCE_MS = 90_000;
const AXE = readFileSync(new URL("../node_modules/axe-core/axe.min.js", import.meta.url), "utf8");

export const launch = (): Promise<Browser> =>
  chromium.launch({ executablePath: needed("GREENLIGHT_CHROMIUM"), args: ["--no-sandbox", "--autoplay-policy=no-user-gesture-required"] });

/** An answer of the API for somebody with a key. Throws when it is refused. */
export async function ask<T>(who: keyof typeof KEYS, method: string, path: string, body?: unknown): Promise<T> {
  const answer = await fetch(EDGE + path, {
    method,
    headers: { "x-api-key": KEYS[who], "content-type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as T;
}

/** Somebody's own browser, signed in by a link. What breaks on the page breaks the test. */
export async function enter(browser: Browser, who: keyof typeof KEYS, viewport = { width: 1360, height: 850 }): Promise<{ page: Page; context: BrowserContext; link: string; broken: string[] }> {
  const context = await browser.newContext({ viewport, reducedMotion: "reduce" });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  const broken: string[] = [];
  page.on("pageerror", (error) => broken.push(error.message));
  const { url, token } = await ask<{ url: string; token: string }>(who, "POST", "/v1/sign-in-links", {});
  await page.goto(url);
  await page.waitForURL(`${EDGE}/`);
  // Keys are heard from the moment the page is there.
  await page.locator("h1").waitFor();
  return { page, context, link: token, broken };
}

/** What a screen reader's user would stumble over: serious findings, each with where it is. */
export async function findings(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  const found = await page.evaluate(async () => {
    const run = (globalThis as unknown as { axe: { run: (options: object) => Promise<{ violations: { id: string; impact: string; nodes: { target: string[] }[] }[] }> } }).axe;
    return (await run.run({ resultTypes: ["violations"] })).violations;
  });
  return found
    .filter((one) => one.impact === "serious" || one.impact === "critical")
    .flatMap((one) => one.nodes.slice(0, 3).map((node) => `${one.id}: ${node.target.join(" ")}`));
}
