// @vitest-environment jsdom
/** A note on a film, from the keys that say where it points to the thread below it. */
import { cleanup, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { beforeEach, expect, it, vi } from "vitest";
import type { Note } from "@/api/airlock";
import { at, frame, openPage, server, serving } from "@/testkit";

const sent: unknown[] = [];
let notes: Partial<Note>[] = [];
serving();
beforeEach(() => {
  sent.length = 0;
  notes = [];
  // The player of a test plays nothing.
  vi.spyOn(HTMLMediaElement.prototype, "pause").mockImplementation(() => undefined);
  vi.spyOn(HTMLMediaElement.prototype, "load").mockImplementation(() => undefined);
});

const item = {
  id: "i", run_id: null, gate: "publish", title: "Shall it go out?", status: "open", revision: 1, requested_by: "bob", reviewers: ["reviewer"], risk: 8,
  stage: { name: "review", number: 1, of: 1, reviewers: ["reviewer"], any_of: [] }, manifest_sha256: "aa", opened_at: "2026-01-01T00:00:00Z", due_at: "2026-01-02T00:00:00Z",
};
const scenes = [0, 1].map((index) => ({ index, start_frame: 150 * index, frames: 150 }));
const content = { title: "Honey", video: { sha256: "ff" }, fps: 30, duration_ms: 10_000, width: 1080, height: 1920, scenes, narration: ["Bees.", "Wax."] };
const finding = { rule: "disclosure.ai", severity: "info", message: "It does not say that AI made it.", where: "/caption", quote: "", remedy: "", frame: null, at_seconds: null };
const detail = { item, content, verdict: { level: "allowed", findings: [finding], unchecked: ["Irony."], checked_rules: 3, risk: 8, risk_parts: [] }, downgrades: [], decisions: [], economics: { spent_usd: null }, review: {}, takes_changes: true };
const written = (more: Partial<Note>): Partial<Note> => ({
  id: "n1", author: "bob", created_at: "2026-01-01T00:00:00Z", text: "Too dark, @ann", mentions: ["ann"], earlier: [], edited_at: null, version: 1, state: "open", stage: "clip", stage_is_guess: true, answer: "", path: null,
  region: null, replies: [], scenes: [{ index: 1, number: 2, sentence: "Wax.", clip_sha256: null, still_sha256: null }], span_now: null,
  span: { frame: 180, end_frame: 210, at_ms: 6000, end_ms: 7000, timecode: "", end_timecode: "", rate: "30" }, ...more,
});

async function open(sound: object = { integrated_lufs: -14.1, true_peak_dbtp: -1.3, envelope_lufs: [-15, -13], problem: "" }, path = "/airlock/i"): Promise<(frame: number) => void> {
  server.use(
    ...frame({ tenant: "default", user_id: "ann", roles: ["reviewer"], display_name: "Ann" }),
    http.get(at("/v1/airlock/items/i"), () => HttpResponse.json(detail)),
    http.get(at("/v1/airlock/items/i/notes"), () => HttpResponse.json({ items: notes, next_cursor: null })),
    http.get(at("/v1/airlock/items/i/rework"), () => HttpResponse.json({ orders: [], kept_scenes: 0, whole: true })),
    http.get(at("/v1/airlock/items/i/sound"), () => HttpResponse.json(sound)),
    http.get(at("/v1/airlock/stand-ins"), () => HttpResponse.json([])),
    http.get(at("/v1/artifacts/ff"), () => new HttpResponse(null, { status: 404 })),
    http.post(at("/v1/airlock/items/i/seen"), () => HttpResponse.json({})),
    http.post(at("/v1/airlock/items/i/notes"), async ({ request }) => {
      sent.push(await request.json());
      notes = [written({})];
      return HttpResponse.json(notes[0], { status: 201 });
    }),
    http.post(at("/v1/airlock/items/i/notes/n1/replies"), async ({ request }) => {
      sent.push(await request.json());
      notes = [written({ replies: [{ id: "r1", author: "ann", created_at: "2026-01-01T00:00:00Z", text: "Agreed.", mentions: [] }] })];
      return HttpResponse.json(notes[0], { status: 201 });
    }),
  );
  openPage(path);
  const slider = await screen.findByRole("slider", { name: "Frame" });
  return (to) => fireEvent.change(slider, { target: { value: String(to) } });
}
const press = (key: string, where: Window | Element = window, more: object = {}) => fireEvent.keyDown(where, { key, ...more });

it("writes a note on a range and a part of the picture, all of it by keys", async () => {
  const seek = await open();
  seek(60);
  press("i");
  seek(90);
  press("o");
  press("n");
  const field = await screen.findByLabelText<HTMLTextAreaElement>(/^At 00:02.0 – 00:03.0/);
  expect(document.activeElement).toBe(field);
  fireEvent.change(field, { target: { value: "Too dark, @b", selectionStart: 12 } });
  fireEvent.click(await screen.findByRole("button", { name: "@bob" }));
  expect(field.value).toBe("Too dark, @bob ");
  await waitFor(() => expect(document.activeElement).toBe(field));

  fireEvent.click(screen.getByRole("button", { name: "Frame a part" }));
  const part = await screen.findByRole("button", { name: /^Part of the picture: 33 % wide/ });
  await waitFor(() => expect(document.activeElement).toBe(part));
  press("ArrowLeft", part);
  press("ArrowDown", part, { shiftKey: true });
  press("Enter", part);
  expect(document.activeElement).toBe(field);
  press("Enter", field, { ctrlKey: true });
  await screen.findByText("Too dark,");
  expect(sent).toEqual([{ text: "Too dark, @bob", frame: 60, end_frame: 90, region: { x: 1 / 3 - 0.02, y: 1 / 3, width: 1 / 3, height: 1 / 3 + 0.02 } }]);
  // It is written: nothing is pointed to any more, and the scene it is in says so.
  expect(screen.queryByRole("button", { name: /^Part of the picture/ })).toBeNull();
  screen.getByRole("button", { name: /Wax., 1 note$/ });
});

it("takes a part back by Delete, and leaves the note by Escape", async () => {
  await open();
  press("n");
  const field = await screen.findByLabelText(/^At 00:00.0/);
  fireEvent.click(screen.getByRole("button", { name: "Frame a part" }));
  press("Delete", await screen.findByRole("button", { name: /^Part of the picture/ }));
  expect(screen.queryByRole("button", { name: /^Part of the picture/ })).toBeNull();
  press("Escape", field);
  expect([screen.queryByLabelText(/^At 00:00.0/), sent.length]).toEqual([null, 0]);
});

it("answers in the thread, and names stand out", async () => {
  notes = [written({})];
  await open();
  expect((await screen.findByText("@ann")).className).toBe("named");
  fireEvent.click(screen.getByRole("button", { name: "Reply" }));
  const field = await screen.findByLabelText("Your reply");
  expect(within(field.closest("form") as HTMLElement).getByRole<HTMLButtonElement>("button", { name: "Reply" }).disabled).toBe(true);
  fireEvent.change(field, { target: { value: "Agreed." } });
  press("Enter", field, { metaKey: true });
  await screen.findByText("Agreed.");
  expect(sent).toEqual([{ text: "Agreed." }]);
});

it("says how loud the film is, or why nobody knows", async () => {
  const seek = await open();
  await screen.findByText("Loudness −14.1 LUFS, here −15.0, peak −1.3 dBTP");
  seek(45);
  await screen.findByText("Loudness −14.1 LUFS, here −13.0, peak −1.3 dBTP");
});

it("says why it is not known how loud a film is", async () => {
  await open({ integrated_lufs: null, true_peak_dbtp: null, envelope_lufs: [], problem: "The film's bytes are not kept any more." });
  await screen.findByText("The film's bytes are not kept any more.");
});

it("keeps a list of what was looked at, and tells at the approval what was not", async () => {
  await open();
  const list = within(await screen.findByRole("region", { name: "Before you approve" }));
  list.getByText("0 of 1 missing disclosure looked at");
  fireEvent.click(screen.getByLabelText("Looked at"));
  list.getByText("1 of 1 missing disclosure looked at");
  press("a");
  await screen.findByText("Not looked at yet: 10 seconds of the film and what no check can see.");
});

it("changes one's own note where it stands, and takes it back; another's only gets answers", async () => {
  notes = [written({}), written({ id: "n2", author: "ann", text: "Slower", version: 3, stage_is_guess: false })];
  await open();
  server.use(
    http.put(at("/v1/airlock/items/i/notes/n2"), async ({ request }) => {
      sent.push(await request.json());
      notes = [notes[0] as Note, written({ id: "n2", author: "ann", text: "Slower here", earlier: ["Slower"], edited_at: "2026-01-01T01:00:00Z" })];
      return HttpResponse.json(notes[1]);
    }),
    http.post(at("/v1/airlock/items/i/notes/n2/withdraw"), () => {
      notes = [notes[0] as Note, written({ id: "n2", author: "ann", text: "Slower here", earlier: ["Slower"], state: "withdrawn" })];
      return HttpResponse.json(notes[1]);
    }),
  );
  fireEvent.click(await screen.findByRole("button", { name: "Change" }));
  const field = await screen.findByLabelText<HTMLTextAreaElement>("Your note");
  expect([field.value, screen.getByRole<HTMLButtonElement>("button", { name: "Change it" }).disabled]).toEqual(["Slower", true]);
  fireEvent.change(field, { target: { value: "Slower here" } });
  fireEvent.click(screen.getByRole("button", { name: "Change it" }));
  await screen.findByText("Slower here");
  expect(sent).toEqual([{ text: "Slower here", frame: 180, end_frame: 210, region: null, path: null, stage: "clip", version: 3 }]);
  screen.getByText("Slower");
  fireEvent.click(screen.getByRole("button", { name: "Withdraw" }));
  await screen.findByText("Withdrawn");
  expect(screen.queryByRole("button", { name: "Withdraw" })).toBeNull();
  screen.getByRole("button", { name: "Open again" });
});

it("goes to another page by two keys without deciding, and back by Escape to the queue as it was", async () => {
  const asked: string[] = [];
  const list = ({ request }: { request: Request }) => (asked.push(new URL(request.url).search), HttpResponse.json({ items: [], next_cursor: null }));
  await open(undefined, "/airlock/i?order=due&status=all");
  server.use(http.get(at("/v1/airlock/items"), list), http.get(at("/v1/runs"), list), http.get(at("/v1/workflows"), () => HttpResponse.json([])));
  for (const key of ["g", "c"]) press(key);
  await screen.findByLabelText(/^What should be other/);
  // `g` and `r` go to the runs; on an item `r` alone would reject it.
  press("Escape", screen.getByLabelText(/^What should be other/));
  for (const key of ["g", "r"]) press(key);
  expect(screen.queryByLabelText("Why")).toBeNull();
  await screen.findByRole("heading", { name: "Runs" });
  cleanup();
  await open(undefined, "/airlock/i?order=due&status=all");
  press("Escape");
  expect((await screen.findByLabelText<HTMLSelectElement>("Status")).value).toBe("all");
  await waitFor(() => expect(asked.some((one) => one.includes("order=due"))).toBe(true));
});
