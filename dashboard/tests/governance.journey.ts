/** Somebody is taken on, signs in with a password of their own, is given an office, and does it: rules, approvals, the record. */
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { cancel, EDGE, enter, findings, held, launch, settled, start } from "./studio";

const PASSWORD = "four words and a comma";
let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

it("gives somebody an office in the browser, and they look after the house with it [A53]", async () => {
  const run = await start("How a lighthouse finds its ships");
  const admin = await enter(browser, "admin");
  await admin.page.goto(`${EDGE}/settings`);
  await admin.page.getByRole("button", { name: "Add somebody …" }).click();
  await admin.page.getByLabel("Name", { exact: true }).fill("Grete Aufsicht");
  await admin.page.getByLabel("Signs in as").fill("grete");
  expect(await findings(admin.page), "the dialog for somebody new").toEqual([]);
  await admin.page.getByRole("button", { name: "Add Grete Aufsicht" }).click();
  await admin.page.getByRole("button", { name: "Grete Aufsicht" }).click();
  await admin.page.getByRole("button", { name: "Make a sign-in link" }).click();
  const link = await admin.page.locator(".secret code").innerText();

  const context = await browser.newContext({ viewport: { width: 1360, height: 850 }, reducedMotion: "reduce" });
  const page = await context.newPage();
  page.setDefaultTimeout(90_000);
  await page.goto(link);
  await page.waitForURL(`${EDGE}/`);
  await setPassword(page);
  await signIn(page);

  // A creator reads no record. The office counts from the next page on.
  await page.goto(`${EDGE}/audit`);
  await page.getByText("This is not yours to see").waitFor();
  await admin.page.getByRole("dialog").getByLabel("compliance officer").check();
  await admin.page.getByRole("button", { name: "Save" }).click();
  await admin.page.getByRole("dialog").waitFor({ state: "detached" });

  // Rules: what a pack would have found is asked for, and nothing is changed by asking.
  await page.goto(`${EDGE}/policies`);
  await page.getByRole("button", { name: "Try a pack …" }).click();
  await page.getByRole("button", { name: "Try it" }).click();
  await page.getByText("would be told something").waitFor();
  expect(await findings(page), "the dialog of a pack").toEqual([]);

  // Approvals: she keeps one from going out, with a reason that everybody sees.
  const { item } = await held(run);
  await page.goto(`${EDGE}/airlock/${item.id}`);
  await page.getByRole("button", { name: "Hold …" }).click();
  await page.getByLabel("Why").fill("The harbour master has to be asked.");
  await page.getByRole("button", { name: "Hold it" }).click();
  await page.getByText("held by grete: The harbour master has to be asked.").waitFor();

  // The record: all of it was written down, by whom, in a chain that holds.
  await page.goto(`${EDGE}/audit`);
  await page.getByText("The chain holds").waitFor();
  await page.getByLabel("Who").fill("grete");
  await page.getByLabel("Action, such as gate.").fill("item.");
  await page.getByRole("row", { name: /grete.*held/ }).first().waitFor();
  await settled(page);
  expect(await findings(page), "the record").toEqual([]);
  expect(admin.broken).toEqual([]);
  await cancel(run);
});

async function setPassword(page: Page): Promise<void> {
  await page.goto(`${EDGE}/settings`);
  await page.getByRole("button", { name: "Set a password …" }).click();
  await page.getByLabel("New password").fill(PASSWORD);
  expect(await findings(page), "the dialog for a password").toEqual([]);
  await page.getByRole("button", { name: "Set it and sign out" }).click();
  await page.waitForURL(`${EDGE}/sign-in`);
}

/** With the password; another one opens nothing. */
async function signIn(page: Page): Promise<void> {
  await page.getByLabel("Name", { exact: true }).fill("grete");
  await page.getByLabel("Password", { exact: true }).fill(`${PASSWORD}!`);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("alert").waitFor();
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL(`${EDGE}/`);
}
