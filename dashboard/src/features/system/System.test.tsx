// @vitest-environment jsdom
/** Operators see how services and queues are; what they may not ask for is not asked. */
import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { expect, it } from "vitest";
import { at, ANN, frame, openPage, problem, server, serving } from "@/testkit";

const NOW = "2026-11-21T10:00:00Z";
const service = (name: string, also: object = {}) => ({ service: name, status: "up", since: NOW, last_heard: NOW, workers: 1, capabilities: {}, versions: ["0.1.0"], unsent: 0, unsent_since: null, unwell: {}, ...also });
const queue = (name: string, also: object = {}) => ({ name, stream: "COMMANDS", service: name.split("-")[0], backlog: 0, waiting: 0, under_way: 0, redelivered: 0, last_taken: null, ...also });
const drill = (name: string, also: object = {}) => ({ name, at: NOW, passed: true, commit: "7dbf142123fb", machine: "2 cores", runs: 60, kills: 30, lost: 0, repeated: 0, stuck: 0, audit_problems: 0, recovery_p50_ms: 800, recovery_p99_ms: 4100, took_ms: 61_000, targets: { nats: 20, worker: 10 }, findings: [], ...also });
const serve = (services: object[], queues: () => Response, me: object = { ...ANN, roles: ["operator"] }, drills: object[] = []) =>
  server.use(
    http.get(at("/v1/services"), () => HttpResponse.json(services)),
    http.get(at("/v1/services/queues"), queues),
    http.get(at("/admin/drills"), () => HttpResponse.json(drills)),
    http.get(at("/admin/dlq"), () => HttpResponse.json({ items: [], next_cursor: null })),
    ...frame(me),
  );
serving();
const row = (name: string) => screen.getByText(name).closest("tr")?.textContent ?? "";

it("says of each service its version, what does not answer it, and what it has not published", async () => {
  serve(
    [service("editor", { unwell: { cache: "timeout" }, versions: ["0.1.0", "0.2.0"] }), service("publisher", { unsent: 1200, unsent_since: NOW }), service("producer", { status: "down", versions: [] })],
    () => HttpResponse.json([]),
  );
  openPage("/system");
  await screen.findByText("editor");
  expect(row("editor")).toContain("0.1.0, 0.2.0Up, not wellcache: timeout");
  expect(row("publisher")).toContain("1,200oldest");
  expect(row("producer")).toContain("no version heardDownlast heard");
  await screen.findByText("Nothing waits: every queue is empty.");
});

it("shows what waits, and the empty queues when they are asked for", async () => {
  serve([], () => HttpResponse.json([queue("editor-render", { backlog: 3, under_way: 2 }), queue("ideation-propose_ideas")]));
  openPage("/system");
  expect((await screen.findByText("render")).closest("tr")?.textContent).toContain("render" + "editor" + "3" + "0" + "2");
  expect(screen.queryByText("propose ideas")).toBeNull();
  fireEvent.click(screen.getByRole("button", { name: "Show 1 empty queue" }));
  await screen.findByText("propose ideas");
});

it("says why the queues cannot be seen, and asks nothing for those who operate nothing", async () => {
  serve([], () => problem(503, "unavailable", "NATS does not say how long its queues are."));
  const shown = openPage("/system");
  await screen.findByText("NATS does not say how long its queues are.");
  shown.unmount();
  let asked = 0;
  serve([service("editor")], () => (asked++, HttpResponse.json([])), ANN);
  openPage("/system");
  await screen.findByText("editor");
  await waitFor(() => expect(screen.queryByText("Queues")).toBeNull());
  expect(asked).toBe(0);
});

it("shows what drills found, and says how one is run where there was none", async () => {
  const shown = (serve([], () => HttpResponse.json([])), openPage("/system"));
  await screen.findByText("./greenlight drill");
  shown.unmount();
  const findings = ["lost: run 7 never ended"];
  serve([], () => HttpResponse.json([]), undefined, [drill("drill-2", { passed: false, lost: 1, findings, recovery_p50_ms: null }), drill("drill-1")]);
  openPage("/system");
  expect((await screen.findByText("Held")).closest("tr")?.textContent).toContain("Held30000800 ms / 4.1 s7dbf142123fb");
  const failed = screen.getByText("Failed").closest("tr") as HTMLElement;
  expect(failed.textContent).toContain("Failed30100–");
  fireEvent.click(within(failed).getByRole("button"));
  await screen.findByText("lost: run 7 never ended");
  expect(screen.getByText("Killed").parentElement?.textContent).toContain("nats 20×, worker 10×");
});
