// @vitest-environment jsdom
/** Several items are decided with one word, each shown before and each with an answer of its own. */
import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { beforeEach, expect, it } from "vitest";
import { at, ANN, frame, openPage, problem, server, serving } from "@/testkit";

const NOW = "2026-11-21T10:00:00Z";
const item = (id: string, also: object = {}) => ({
  id, run_id: null, gate: "publish", title: `Film ${id}`, status: "open", risk: 10, verdict: "allowed", findings: 0, revision: 1, requested_by: "bob", reviewers: [],
  stage: { reviewers: ["reviewer"], any_of: [] }, due_at: NOW, heat: 0, overdue: false, escalated: false, reminded: false, claim: null, hold: null, manifest_sha256: id.repeat(64), ...also,
});
const ITEMS = [item("1"), item("2"), item("3"), item("4", { requested_by: "ann" })];
const LOST = { code: "voice_stand_in", detail: "The draft voice speaks.", stage: "production" };
const sent: { body: Record<string, unknown>; key: string | null }[] = [];
const asked: string[] = [];
beforeEach(() => {
  sent.length = asked.length = 0;
  server.use(
    http.get(at("/v1/airlock/items"), ({ request }) => (asked.push(new URL(request.url).search), HttpResponse.json({ items: ITEMS, next_cursor: null }))),
    http.get(at("/v1/airlock/items/:id"), ({ params }) => {
      const id = String(params.id);
      const level = id === "3" ? "blocked" : "allowed";
      return HttpResponse.json({ item: ITEMS[Number(id) - 1], content: {}, verdict: { level, findings: [] }, downgrades: id === "2" ? [LOST] : [], review: {}, decisions: [] });
    }),
    http.get(at("/v1/airlock/stand-ins"), () => HttpResponse.json([])),
    http.get(at("/v1/runs"), () => HttpResponse.json({ items: [], next_cursor: null })),
    ...frame({ ...ANN, roles: ["reviewer"] }),
  );
});
serving();

async function choose(...names: string[]): Promise<void> {
  for (const name of names) fireEvent.click(await screen.findByLabelText(`Choose ${name}`));
}

it("shows each of them, asks for what is accepted, leaves out what a rule forbids, and says what became of each", async () => {
  server.use(
    http.post(at("/v1/airlock/items/bulk-decision"), async ({ request }) => {
      sent.push({ body: (await request.json()) as Record<string, unknown>, key: request.headers.get("idempotency-key") });
      const refused = { item_id: "2", decided: null, refused: { status: 409, error: "already_decided", detail: "Eve rejected it a moment ago." } };
      return HttpResponse.json({ decided: 1, refused: 1, items: [{ item_id: "1", decided: { closes: true, missing: 0 }, refused: null }, refused] });
    }),
  );
  openPage("/airlock");
  await choose("Film 1", "Film 2", "Film 3");
  expect(screen.queryByLabelText("Choose Film 4")).toBeNull();
  fireEvent.click(within(screen.getByRole("toolbar")).getByRole("button", { name: "Approve" }));
  const dialog = within(await screen.findByRole("dialog"));
  await dialog.findByText("A rule forbids it: it is left out.");
  const sure = dialog.getByRole<HTMLButtonElement>("button", { name: "Approve: 2 items" });
  expect(sure.disabled).toBe(true);
  fireEvent.click(dialog.getByLabelText("The draft voice speaks."));
  fireEvent.click(sure);
  await dialog.findByText("Eve rejected it a moment ago.");
  expect(dialog.getByText("1 item decided, 1 refused")).toBeTruthy();
  expect(dialog.getByText("Decided on exactly these bytes.")).toBeTruthy();
  const seen = (id: string, ...accepts_downgrades: string[]) => ({ item_id: id, manifest_sha256: id.repeat(64), accepts_downgrades });
  expect(sent.map((one) => one.body)).toEqual([{ decision: "approved", comment: "", items: [seen("1"), seen("2", "voice_stand_in")] }]);
  fireEvent.click(dialog.getByRole("button", { name: "Done" }));
  await waitFor(() => expect(screen.queryByRole("toolbar")).toBeNull());
});

it("rejects with a reason, and is sent once more under the same key when nobody answered", async () => {
  let away = true;
  server.use(
    http.post(at("/v1/airlock/items/bulk-decision"), async ({ request }) => {
      sent.push({ body: (await request.json()) as Record<string, unknown>, key: request.headers.get("idempotency-key") });
      return away ? problem(503, "unavailable", "The tables are away.") : HttpResponse.json({ decided: 1, refused: 0, items: [{ item_id: "3", decided: { closes: false, missing: 2 }, refused: null }] });
    }),
  );
  openPage("/airlock");
  await choose("Film 3");
  fireEvent.click(within(screen.getByRole("toolbar")).getByRole("button", { name: "Reject" }));
  const dialog = within(await screen.findByRole("dialog"));
  await dialog.findByText("Say why.");
  fireEvent.change(dialog.getByLabelText("Why, for each of them"), { target: { value: "Too loud." } });
  fireEvent.click(dialog.getByRole("button", { name: "Reject: 1 item" }));
  await dialog.findByText("The tables are away.");
  away = false;
  fireEvent.click(dialog.getByRole("button", { name: "Reject: 1 item" }));
  await dialog.findByText("Counted. 2 more must agree.");
  expect(new Set(sent.map((one) => one.key)).size).toBe(1);
  expect(sent.at(-1)?.body.comment).toBe("Too loud.");
});

it("orders and filters by what the address says", async () => {
  const page = openPage("/airlock?order=due&status=rejected");
  await screen.findByText("Film 1");
  expect(asked[0]).toContain("status=rejected&order=due");
  fireEvent.change(screen.getByLabelText("Status"), { target: { value: "open" } });
  await waitFor(() => expect(page.address()).toBe("/airlock?order=due"));
});
