// @vitest-environment jsdom
/** What a degraded run fell back to is ticked before it can be approved, by keys alone. */
import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { useState } from "react";
import { afterEach, expect, it } from "vitest";
import type { ItemDetail } from "@/api/airlock";
import type { Me } from "@/api/session";
import { at, makeCache, server, serving, within } from "@/testkit";
import { Decide } from "./Decide";

const sent: unknown[] = [];
const me = { user_id: "ann", roles: ["reviewer"] } as unknown as Me;
const lost = (code: string, detail: string) => ({ code, detail, stage: "production" });
const degraded = [lost("clip_drawn", "Shot 2 is drawn."), lost("clip_drawn", "Shot 4 is drawn."), lost("voice_stand_in", "The draft voice speaks.")];
serving();
afterEach(() => {
  cleanup();
  sent.length = 0;
});

function show(downgrades: object[], more: object = { takes_changes: true }): void {
  server.use(
    http.get(at("/v1/airlock/stand-ins"), () => HttpResponse.json([])),
    http.post(at("/v1/airlock/items/i/decision"), async ({ request }) => {
      sent.push(await request.json());
      return HttpResponse.json({ closes: true, missing: 0, stage: null });
    }),
  );
  const item = { id: "i", status: "open", gate: "publish", requested_by: "bob", reviewers: ["reviewer"], stage: { reviewers: ["reviewer"], any_of: [] }, manifest_sha256: "aa" };
  const detail = { item, downgrades, verdict: { level: "allowed" }, review: {}, ...more } as unknown as ItemDetail;
  const Page = () => {
    const [accepted, accept] = useState<string[]>([]);
    return <Decide detail={detail} me={me} openNotes={0} accepted={accepted} accept={accept} left={["2 findings", "1 note"]} decided={() => undefined} />;
  };
  render(<Page />, { wrapper: within(makeCache()) });
}

it("is approved when every downgrade is ticked, and not before", async () => {
  show(degraded);
  fireEvent.keyDown(window, { key: "a" });
  const [clips, voice] = await screen.findAllByRole<HTMLInputElement>("checkbox");
  expect(document.activeElement).toBe(clips);
  const sure = () => screen.getByRole<HTMLButtonElement>("button", { name: /^Approve/ });
  fireEvent.click(screen.getByLabelText("Shot 2 is drawn. Shot 4 is drawn."));
  fireEvent.keyDown(clips as HTMLElement, { key: "Enter" });
  expect([sure().disabled, sent.length]).toEqual([true, 0]);
  fireEvent.click(screen.getByLabelText("The draft voice speaks."));
  expect(sure().disabled).toBe(false);
  fireEvent.keyDown(voice as HTMLElement, { key: "Enter" });
  await waitFor(() => expect(sent).toEqual([{ decision: "approved", comment: "", manifest_sha256: "aa", accepts_downgrades: ["clip_drawn", "voice_stand_in"] }]));
});

it("asks nothing of who says no, and Escape goes back from a tick", async () => {
  show(degraded);
  fireEvent.keyDown(window, { key: "a" });
  fireEvent.keyDown((await screen.findAllByRole("checkbox"))[0] as HTMLElement, { key: "Escape" });
  expect(screen.queryAllByRole("checkbox")).toEqual([]);
  fireEvent.keyDown(window, { key: "r" });
  const why = await screen.findByLabelText("Why");
  fireEvent.change(why, { target: { value: "Not with that voice." } });
  fireEvent.keyDown(why, { key: "Enter", ctrlKey: true });
  await waitFor(() => expect(sent).toMatchObject([{ decision: "rejected", accepts_downgrades: [] }]));
});

it("has its sure step at once where nothing was lost", async () => {
  show([]);
  fireEvent.keyDown(window, { key: "a" });
  const sure = await screen.findByRole("button", { name: /^Approve/ });
  // What was not looked at is told, and hinders nobody.
  screen.getByText("Not looked at yet: 2 findings and 1 note.");
  await waitFor(() => expect(document.activeElement).toBe(sure));
  fireEvent.click(sure);
  await waitFor(() => expect(sent).toMatchObject([{ decision: "approved", accepts_downgrades: [] }]));
});

it("does not let anybody end a run by asking for changes that it cannot make", async () => {
  show([], { takes_changes: false });
  const changes = await screen.findByRole<HTMLButtonElement>("button", { name: /^Changes/ });
  expect(changes.disabled).toBe(true);
  fireEvent.keyDown(window, { key: "c" });
  expect(screen.queryByRole("textbox")).toBeNull();
  fireEvent.keyDown(window, { key: "r" });
  expect(await screen.findByLabelText("Why")).toBeTruthy();
});
