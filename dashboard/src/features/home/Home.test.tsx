// @vitest-environment jsdom
/** Home says what waits for whoever looks, what failed and what to do about it, and what it costs. */
import { screen, within } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { expect, it } from "vitest";
import { ANN, at, frame, openPage, problem, server, serving } from "@/testkit";

const NOW = "2026-11-21T10:00:00Z";
const item = (id: string, requested_by: string) => ({
  id, run_id: null, gate: "publish", title: `Film ${id}`, status: "open", risk: 10, verdict: "allowed", findings: 0, revision: 1, requested_by, reviewers: [],
  stage: { reviewers: ["reviewer"], any_of: [] }, due_at: NOW, heat: 0, overdue: false, escalated: false, reminded: false, claim: null, hold: null, manifest_sha256: id.repeat(64),
});
const run = (id: string, status: string, also: object = {}) => ({
  run_id: id, workflow: "short_video", input: { brief: `Brief ${id}` }, status, state: status, degraded: false, downgrades: [], error: null, created_at: NOW, updated_at: NOW, ...also,
});
const page = (...items: object[]) => HttpResponse.json({ items, next_cursor: null });

/** The page of somebody with these roles, where these runs are kept. */
function home(roles: string[], runs: { state: string }[], items: object[] = []): void {
  server.use(
    http.get(at("/v1/airlock/items"), () => page(...items)),
    http.get(at("/v1/airlock/stand-ins"), () => HttpResponse.json([])),
    http.get(at("/v1/budgets"), () => HttpResponse.json([{ of: "2026-11-21", cap_usd: "5.000000", spent_usd: "1.250000", reserved_usd: "0.500000" }])),
    http.get(at("/v1/runs"), ({ request }) => {
      const wanted = new URL(request.url).searchParams.getAll("status");
      return page(...runs.filter((one) => !wanted.length || wanted.includes(one.state)));
    }),
    ...frame({ ...ANN, roles }),
  );
  openPage("/");
}

serving();

const section = async (name: string) => within((await screen.findByRole("heading", { name })).closest("section") ?? document.body);

it("shows a reviewer what others made, and counts what they may not decide", async () => {
  home(["reviewer"], [], [item("1", "bob"), item("2", "ann")]);
  const waiting = await section("Waiting for you");
  await waiting.findByText("Film 1");
  expect(waiting.queryByText("Film 2")).toBeNull();
  expect(waiting.getByText("1 item for others in the airlock")).toBeTruthy();
  expect(screen.queryByText("Spent today")).toBeNull();
  expect(screen.queryByRole("link", { name: "New brief" })).toBeNull();
});

it("says of a failed run why, and what to do", async () => {
  const error = { code: "over_budget", detail: "The run may spend nothing more.", next_action: "Raise the budget.", stage: "production" };
  home(["creator"], [run("1", "failed", { error }), run("2", "running")]);
  const failed = await section("Failed");
  expect(failed.getByText("The run may spend nothing more.")).toBeTruthy();
  expect(failed.getByText("Raise the budget.")).toBeTruthy();
  expect((await section("Under way")).getByText("Brief 2")).toBeTruthy();
  expect(await screen.findByText("of $5.00; $0.50 set aside")).toBeTruthy();
});

it("asks a newcomer for the first brief, and says what is away instead of nothing", async () => {
  home(["creator"], []);
  server.use(http.get(at("/v1/airlock/items"), () => problem(503, "unavailable", "Compliance is away.")));
  expect(await screen.findByRole("link", { name: "Write the first brief" })).toBeTruthy();
  expect(screen.queryByRole("heading", { name: "Failed" })).toBeNull();
  expect(await (await section("Waiting for you")).findByText("Compliance is away.")).toBeTruthy();
});
