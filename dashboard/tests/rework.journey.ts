/** A reviewer finds a scene at 00:07 wrong, says so there, and gets that scene alone done again. */
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { approve, ask, cancel, EDGE, enter, type Held, held, launch, start } from "./studio";

const AT_MS = 7_000;
let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

interface Scene {
  start_frame: number;
  frames: number;
  clip_sha256: string;
}
const scenesOf = (one: Held): Scene[] => one.content.scenes as Scene[];

it("asks for changes with a note at 00:07, and one scene is made again", async () => {
  const run = await start("Three facts about honey", { target_seconds: 14 });
  await approve(await held(run));
  const first = await held(run);
  const fps = Number(first.content.fps);
  const frame = Math.round((AT_MS / 1000) * fps);
  const wrong = scenesOf(first).findIndex((one) => frame >= one.start_frame && frame < one.start_frame + one.frames);
  expect(scenesOf(first).length).toBeGreaterThanOrEqual(3);

  const { page, broken } = await enter(browser, "reviewer");
  await page.goto(`${EDGE}/airlock/${first.item.id}`);
  await page.waitForFunction(() => (document.querySelector("video")?.readyState ?? 0) >= 2);
  await page.getByRole("slider", { name: "Frame", exact: true }).fill(String(frame));
  await page.getByText(`frame ${frame} of`).waitFor();
  await page.locator(".timecode").getByText("00:07.0").waitFor();
  await page.keyboard.press("n");
  await page.fill("#note", "Show another picture");
  await page.keyboard.press("Control+Enter");
  await page.locator(".notes li").getByText("Show another picture").waitFor();
  // Before it is sent, the page says what it would cost: one thing again, and all other scenes kept.
  await page.getByText(`keep ${scenesOf(first).length - 1} scene`).waitFor();
  await page.keyboard.press("Escape");
  await page.goto(`${EDGE}/airlock/${first.item.id}`);
  await page.getByRole("button", { name: /^Changes/ }).waitFor();
  await page.keyboard.press("c");
  await page.locator(".decide-form .button.go").click();
  await page.waitForURL(`${EDGE}/airlock`);

  const second = await held(run, first.item.id);
  const same = scenesOf(second).map((one, index) => one.clip_sha256 === scenesOf(first)[index]?.clip_sha256);
  expect(same).toEqual(scenesOf(first).map((_, index) => index !== wrong));
  expect(second.item.revision).toBe(2);
  const notes = await ask<{ items: { at_ms?: number; state: string; span: { at_ms: number; frame: number } }[] }>("reviewer", "GET", `/v1/airlock/items/${second.item.id}/notes`);
  expect(notes.items).toMatchObject([{ state: "addressed", span: { frame } }]);

  // What is other since the last look is on the page: that scene, before and now.
  await page.goto(`${EDGE}/airlock/${second.item.id}`);
  const changes = page.getByRole("region", { name: "Changes" });
  await changes.getByText(`Scene ${wrong + 1}:`).waitFor();
  expect(await changes.locator(".pairs li").count()).toBe(1);

  // What the checks found in it has the picture it names beside it, out of the film itself.
  const framed = second.verdict.findings.filter((one) => one.frame !== null || one.at_seconds !== null);
  expect(framed.length).toBeGreaterThan(0);
  await page.waitForFunction((count) => {
    const all = [...document.querySelectorAll<HTMLCanvasElement>(".findings .still canvas")];
    const isPicture = (one: HTMLCanvasElement) => new Set(one.getContext("2d")?.getImageData(0, 0, one.width, one.height).data).size > 8;
    return all.length === count && all.every(isPicture);
  }, framed.length);
  const found = framed[0]?.frame ?? Math.round((framed[0]?.at_seconds ?? 0) * fps);
  await page.locator(".findings .still").first().click();
  await page.getByText(`frame ${found} of`).waitFor();
  await changes.getByText(`${scenesOf(first).length - 1} scenes as before`).waitFor();
  expect(broken).toEqual([]);
  await cancel(run);
});
