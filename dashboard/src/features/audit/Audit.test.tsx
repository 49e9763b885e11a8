// @vitest-environment jsdom
/** The record is read from its end, and what is taken away is what was looked for. */
import { fireEvent, screen, waitFor } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { expect, it } from "vitest";
import { at, ANN, frame, openPage, problem, server, serving } from "@/testkit";

const NOW = "2026-11-21T10:00:00Z";
const entry = (seq: number) => ({ seq, recorded_at: NOW, hash: "0", entry_sha256: "0", entry: { actor: "ann", action: "gate.decided", resource: `item ${seq}`, result: "ok" } });
const CHAIN = { ok: true, entries: 4, first_bad_seq: null, last_bad_seq: null, reason: null, head: "0", blanked: 0, gaps: [], anchored_seq: 4, anchors: 1, tail: "" };
serving();

it("begins with the newest, goes back page by page, and exports what is looked for", async () => {
  const asked: URLSearchParams[] = [];
  server.use(
    http.get(at("/v1/audit"), ({ request }) => {
      const { searchParams } = new URL(request.url);
      asked.push(searchParams);
      return HttpResponse.json(searchParams.get("cursor") ? { items: [entry(2), entry(1)], next_cursor: null } : { items: [entry(4), entry(3)], next_cursor: "c" });
    }),
    http.get(at("/v1/audit/verify"), () => HttpResponse.json(CHAIN)),
    ...frame({ ...ANN, roles: ["operator"] }),
  );
  openPage("/audit");
  const shown = () => [...document.querySelectorAll("td .num")].map((one) => Number(one.textContent)).filter(Boolean);
  fireEvent.click(await screen.findByRole("button", { name: "Older entries" }));
  await waitFor(() => expect(shown()).toEqual([4, 3, 2, 1]));
  fireEvent.change(screen.getByLabelText("Who"), { target: { value: "ann" } });
  await waitFor(() => expect(asked.at(-1)?.get("actor")).toBe("ann"));
  expect(asked.every((one) => one.get("order") === "newest")).toBe(true);
  const exported = new URL(screen.getByRole<HTMLAnchorElement>("link", { name: "Export" }).href).searchParams;
  expect(Object.fromEntries(exported)).toEqual({ format: "ndjson", actor: "ann", from: asked.at(-1)?.get("from") });
});

it("says when it is not known whether the chain holds, and looks again", async () => {
  let away = true;
  server.use(
    http.get(at("/v1/audit"), () => HttpResponse.json({ items: [], next_cursor: null })),
    http.get(at("/v1/audit/verify"), () => (away ? problem(503, "unavailable", "The tables are away.") : HttpResponse.json(CHAIN))),
    ...frame({ ...ANN, roles: ["operator"] }),
  );
  openPage("/audit");
  await screen.findByText("The tables are away.");
  away = false;
  fireEvent.click(screen.getByRole("button", { name: "Look again" }));
  await screen.findByText("The chain holds");
});

it("gives reports of whole days, and none of days in the wrong order", async () => {
  server.use(
    http.get(at("/v1/audit"), () => HttpResponse.json({ items: [], next_cursor: null })),
    http.get(at("/v1/audit/verify"), () => HttpResponse.json(CHAIN)),
    ...frame({ ...ANN, roles: ["operator"] }),
  );
  openPage("/audit");
  fireEvent.click(await screen.findByRole("button", { name: "Reports …" }));
  fireEvent.click(screen.getByRole("button", { name: "Violations" }));
  fireEvent.change(screen.getByLabelText("From"), { target: { value: "2026-11-01" } });
  fireEvent.change(screen.getByLabelText("To"), { target: { value: "2026-11-30" } });
  const link = new URL(screen.getByRole<HTMLAnchorElement>("link", { name: "As CSV" }).href);
  expect(link.pathname).toBe("/v1/audit/reports/violations");
  expect(Object.fromEntries(link.searchParams)).toEqual({ from: "2026-11-01T00:00:00.000Z", to: "2026-12-01T00:00:00.000Z", format: "csv" });
  fireEvent.change(screen.getByLabelText("From"), { target: { value: "2026-12-02" } });
  expect(screen.queryByRole("link", { name: "As CSV" })).toBeNull();
});
