// @vitest-environment jsdom
/** Which runs are shown is in the address: what is reloaded or sent to somebody shows the same. */
import { type BoundFunctions, fireEvent, type queries, screen, waitFor, within } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { ANN, at, frame, openPage, server, serving } from "@/testkit";

const asked: URLSearchParams[] = [];
beforeEach(() => {
  asked.length = 0;
  server.use(
    http.get(at("/v1/runs"), ({ request }) => {
      asked.push(new URL(request.url).searchParams);
      return HttpResponse.json({ items: [], next_cursor: null });
    }),
    http.get(at("/v1/workflows"), () => HttpResponse.json([{ name: "short_video", title: "Short video" }, { name: "screenplay", title: "" }])),
    ...frame(),
  );
});
serving();

it("asks for what the address says, with its filters in sight", async () => {
  openPage("/runs?state=failed&q=tides&workflow=screenplay&by=bob&took=hour");
  await screen.findByText("No run is like that");
  const last = asked.at(-1);
  expect([last?.getAll("status"), last?.get("q"), last?.get("workflow"), last?.get("created_by"), last?.get("min_seconds")]).toEqual([["failed", "rejected"], "tides", "screenplay", "bob", "3600"]);
  expect(screen.getByLabelText<HTMLInputElement>("Search in briefs").value).toBe("tides");
  expect(screen.getByRole("button", { name: "Filters (3)" }).getAttribute("aria-expanded")).toBe("true");
  expect(screen.getByLabelText<HTMLSelectElement>("Whose").value).toBe("bob");
});

it("says in the address what is chosen, and nothing of what goes without saying", async () => {
  const page = openPage("/runs?state=nonsense");
  await screen.findByText("No runs yet");
  fireEvent.click(screen.getByRole("button", { name: "Waiting" }));
  await waitFor(() => expect(page.address()).toBe("/runs?state=waiting"));
  fireEvent.change(screen.getByLabelText("Search in briefs"), { target: { value: "2026" } });
  await waitFor(() => expect(asked.at(-1)?.get("q")).toBe("2026"));
  fireEvent.click(screen.getByRole("button", { name: "All" }));
  fireEvent.change(screen.getByLabelText("Search in briefs"), { target: { value: "" } });
  await waitFor(() => expect(page.address()).toBe("/runs"));
});

describe("what is done to many at once", () => {
  const NOW = "2026-11-21T10:00:00Z";
  const run = (id: string) => ({ run_id: id, workflow: "short_video", input: { brief: `Brief ${id}` }, status: "paused", state: "paused", degraded: false, downgrades: [], cost_usd: "0", created_by: "bob", visibility: "tenant", created_at: NOW, updated_at: NOW });
  const result = (id: string, outcome: string, also: object = {}) => ({ run_id: id, outcome, status: "paused", ...also });
  const sent: { body: Record<string, unknown>; key: string | null }[] = [];
  const step = (id: string, parent: string | null = null) => ({ id, parent, kind: "run" });

  async function choose(answer: (dry: boolean) => object[], button: string): Promise<BoundFunctions<typeof queries>> {
    sent.length = 0;
    server.use(
      http.get(at("/v1/runs"), () => HttpResponse.json({ items: [run("1"), run("2")], next_cursor: null })),
      http.get(at("/v1/workflows"), () => HttpResponse.json([{ name: "short_video", title: "Short video", outline: [step("ideation"), step("production"), step("inside", "production")] }])),
      http.post(at("/v1/runs/bulk"), async ({ request }) => {
        const body = (await request.json()) as Record<string, unknown>;
        sent.push({ body, key: request.headers.get("idempotency-key") });
        const results = answer(body.dry_run === true);
        const refused = results.filter((one) => "error" in one).length;
        return HttpResponse.json({ action: body.action, dry_run: body.dry_run, matched: 2, more: false, counts: { changed: 2 - refused, refused }, results });
      }),
      ...frame({ ...ANN, roles: ["operator"] }),
    );
    // The window of a test has no media.
    vi.stubGlobal("matchMedia", () => ({ matches: false }));
    openPage("/runs");
    fireEvent.click(await screen.findByLabelText("Choose Brief 1"));
    fireEvent.click(screen.getByLabelText("Choose Brief 2"));
    fireEvent.click(within(screen.getByRole("toolbar")).getByRole("button", { name: button }));
    return within(await screen.findByRole("dialog"));
  }

  it("says what a newer workflow changes for each run before any goes by it", async () => {
    const report = { from_digest: "a", to_digest: "b", possible: true, obstacles: [], changes: [{ step: "editing", change: "changed", effect: "It will be done anew." }] };
    const dialog = await choose(() => [result("1", "would", { report }), result("2", "refused", { error: "conflict", detail: "The run is running. Pause it first." })], "Move to the newest workflow …");
    await dialog.findByText("editing changed: It will be done anew.");
    dialog.getByText("The run is running. Pause it first.");
    expect(sent.map((one) => one.body.dry_run)).toEqual([true]);
    fireEvent.click(dialog.getByRole("button", { name: "Move 1 run" }));
    await screen.findByText("1 run moved, 1 refused.");
    expect(sent[1]?.body).toMatchObject({ action: "migrate", dry_run: false, filter: { ids: ["1", "2"] } });
  });

  it("forks from a step that all have, once for one order", async () => {
    const dialog = await choose((dry) => ["1", "2"].map((id) => result(id, dry ? "would" : "changed")), "Fork …");
    const from = await dialog.findByLabelText<HTMLSelectElement>("From");
    expect([...from.options].map((one) => one.value)).toEqual(["ideation", "production"]);
    fireEvent.change(from, { target: { value: "production" } });
    fireEvent.click(dialog.getByLabelText("Go by the workflow as it is now"));
    fireEvent.click(await dialog.findByRole("button", { name: "Fork 2 runs" }));
    await screen.findByText("2 runs forked.");
    const last = sent.at(-1);
    expect(last?.body).toMatchObject({ action: "fork", dry_run: false, fork: { from_step: "production", definition: "current" } });
    expect(last?.key).toBeTruthy();
  });
});
