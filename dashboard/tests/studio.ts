/** A browser for each person, and their way in. The stack is the one that `./greenlight dev dashboard-test` started. */
import { readFileSync } from "node:fs";
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from "playwright-core";

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

const BUSY = 503;

/** An answer of the API for somebody with a key. Throws when it is refused; what is too busy to look is asked again when it says. */
export async function ask<T>(who: keyof typeof KEYS, method: string, path: string, body?: unknown): Promise<T> {
  const once = () =>
    fetch(EDGE + path, {
      method,
      headers: { "x-api-key": KEYS[who], "content-type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  let answer = await once();
  for (const until = Date.now() + PATIENCE_MS; answer.status === BUSY && Date.now() < until; answer = await once()) {
    const seconds = Number(answer.headers.get("retry-after") ?? 1);
    await new Promise((resolve) => setTimeout(resolve, 1000 * seconds));
  }
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as T;
}

/** An answer that is not there yet: asked for until it is. */
export async function until<T>(find: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const found = await find();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

export interface Held {
  item: { id: string; run_id: string; status: string; manifest_sha256: string; revision: number };
  content: Record<string, unknown>;
  downgrades: { code: string }[];
  verdict: { findings: { frame: number | null; at_seconds: number | null; message: string }[] };
  decisions: { decision: string; edit: object | null; decided_by: string }[];
}

export const start = async (brief: string, input: object = {}): Promise<string> =>
  (await ask<{ run_id: string }>("admin", "POST", "/v1/runs", { workflow: "short_video", input: { brief, ...input } })).run_id;

/** What a run waits with at the airlock, another item than `before`. A run that ended waits for nothing, and that is thrown. */
export const held = (run: string, before?: string): Promise<Held> =>
  until(async () => {
    const queue = await ask<{ items: { id: string }[] }>("reviewer", "GET", `/v1/airlock/items?status=open&run_id=${run}`);
    const item = queue.items.find((one) => one.id !== before);
    if (item) return ask<Held>("reviewer", "GET", `/v1/airlock/items/${item.id}`);
    const now = await ask<{ state: string; error: { detail: string } | null }>("admin", "GET", `/v1/runs/${run}`);
    if (["failed", "cancelled", "rejected"].includes(now.state)) throw new Error(`The run is ${now.state}: ${now.error?.detail}`);
    return undefined;
  });

export const approve = (one: Held): Promise<unknown> =>
  ask("reviewer", "POST", `/v1/airlock/items/${one.item.id}/decision`, { decision: "approved", manifest_sha256: one.item.manifest_sha256, accepts_downgrades: one.downgrades.map((each) => each.code) });

/** Tick all that is less than was asked for, in the form of a decision that is open. */
export async function acceptAll(page: Page): Promise<void> {
  for (const box of await page.locator(".accepting input").all()) await box.check();
}

/** Journeys share a stack: what one of them leaves at the airlock is not what another one looks for. */
export const cancel = (run: string): Promise<unknown> => ask("admin", "POST", `/v1/runs/${run}/cancel`, {}).catch(() => undefined);

interface Visit extends BrowserContextOptions {
  viewport?: { width: number; height: number };
  /** Where they find the page; the edge itself, if nothing is said. */
  edge?: string;
}

/** A person beside those that the stack comes with. Their name is what they sign in as. */
export const hire = (name: string, roles: readonly string[]): Promise<unknown> => ask("admin", "POST", "/v1/users", { user_id: name, display_name: name, roles });

/** Somebody's own browser, signed in by a link. What breaks on the page breaks the test. */
export async function enter(browser: Browser, who: string, { edge = EDGE, ...more }: Visit = {}): Promise<{ page: Page; context: BrowserContext; link: string; broken: string[] }> {
  const context = await browser.newContext({ viewport: { width: 1360, height: 850 }, reducedMotion: "reduce", ...more });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  const broken: string[] = [];
  page.on("pageerror", (error) => broken.push(error.message));
  const { url, token } = await ask<{ url: string; token: string }>("admin", "POST", "/v1/sign-in-links", { user_id: who });
  await page.goto(url.replace(new URL(url).origin, edge));
  await page.waitForURL(`${edge}/`);
  // Keys are heard from the moment Home is there; before that, somebody is let in at the same address.
  await page.locator("h1", { hasText: /^Good / }).waitFor();
  return { page, context, link: token, broken };
}

/** The page is at that path, whatever stands behind it: the queue's order and filter stay in the address. */
export const arrived = (page: Page, path: string | RegExp): Promise<void> => page.waitForURL((url) => (typeof path === "string" ? url.pathname === path : path.test(url.pathname)));

/** Open an item out of the queue by keys alone. Others come and go meanwhile, so that the chosen one may be another by then. */
export async function openItem(page: Page, item: string): Promise<void> {
  const isThere = () => new URL(page.url()).pathname === `/airlock/${item}`;
  for (let key = "j"; !isThere(); key = key === "j" ? "k" : "j") {
    const chosen = page.locator(".item-line.chosen");
    await chosen.waitFor();
    for (let steps = 0; steps < 50 && (await chosen.getAttribute("data-item")) !== item; steps += 1) await page.keyboard.press(key);
    if ((await chosen.getAttribute("data-item")) !== item) continue;
    await page.keyboard.press("Enter");
    await arrived(page, /^\/airlock\/[0-9a-f-]{36}$/);
    if (isThere()) return;
    await page.keyboard.press("Escape");
    await arrived(page, "/airlock");
  }
}

/** The page has what it asked for. */
export async function settled(page: Page): Promise<void> {
  await page.locator("h1").waitFor();
  await page.waitForFunction(() => !document.querySelector("[aria-busy=true]"));
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
