// @vitest-environment jsdom
/** A key is narrowed, ends, is shown once, and is revoked only when that is meant. */
import { fireEvent, render, screen, waitFor, within as inside } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { expect, it } from "vitest";
import { at, makeCache, problem, server, serving, within } from "@/testkit";
import { Keys } from "./Keys";

serving();
const KEY = { id: "k-1", name: "nightly", prefix: "abcd1234", user_id: "ann", scopes: ["creator"], revoked_at: null, expires_at: "2027-01-01T00:00:00Z", last_used_at: null, created_at: "2026-11-21T10:00:00Z" };
const REVOKED = { ...KEY, id: "k-2", name: "old", revoked_at: "2026-11-21T10:00:00Z" };
const sent: Record<string, unknown>[] = [];

function show(): void {
  sent.length = 0;
  server.use(
    http.get(at("/v1/keys"), () => HttpResponse.json({ items: [KEY, REVOKED], next_cursor: null })),
    http.get(at("/v1/users"), () => HttpResponse.json({ items: [{ user_id: "ann", display_name: "Ann", roles: ["creator"], disabled_at: null }, { user_id: "bob", display_name: "Bob", roles: ["creator"], disabled_at: "2026-11-21T10:00:00Z" }], next_cursor: null })),
    http.post(at("/v1/keys"), async ({ request }) => {
      sent.push((await request.json()) as Record<string, unknown>);
      return HttpResponse.json({ ...KEY, id: "k-3", key: "gl_shown_once" }, { status: 201 });
    }),
  );
  render(<Keys />, { wrapper: within(makeCache()) });
}

it("makes a key for somebody who is there, narrowed and with an end, and shows it once", async () => {
  show();
  fireEvent.click(await screen.findByRole("button", { name: "Make a key …" }));
  await screen.findByRole("option", { name: "Ann" });
  expect(screen.queryByRole("option", { name: "Bob" })).toBeNull();
  fireEvent.change(screen.getByLabelText("What it is for"), { target: { value: "the nightly film" } });
  fireEvent.change(screen.getByLabelText("Good for"), { target: { value: "30" } });
  fireEvent.click(screen.getByLabelText("creator"));
  fireEvent.click(screen.getByRole("button", { name: "Make the key" }));
  await screen.findByText("gl_shown_once");
  const [asked] = sent;
  expect([asked?.name, asked?.user_id, asked?.scopes]).toEqual(["the nightly film", "ann", ["creator"]]);
  const days = (Date.parse(String(asked?.expires_at)) - Date.now()) / 86_400_000;
  expect(Math.round(days)).toBe(30);
  fireEvent.click(screen.getByRole("button", { name: "I have it" }));
  await waitFor(() => expect(screen.queryByText("gl_shown_once")).toBeNull());
});

it("revokes one after a second word, and says why when it cannot", async () => {
  show();
  let refused = true;
  const asked: string[] = [];
  server.use(
    http.delete(at("/v1/keys/:id"), ({ params }) => {
      asked.push(String(params.id));
      return refused ? problem(503, "unavailable", "Identity is away.") : new HttpResponse(null, { status: 204 });
    }),
  );
  const row = inside((await screen.findByText(/nightly/)).closest("tr") ?? document.body);
  expect(screen.getAllByRole("button", { name: "Revoke" })).toHaveLength(1);
  fireEvent.click(row.getByRole("button", { name: "Revoke" }));
  fireEvent.click(screen.getByRole("button", { name: "Keep it" }));
  expect(asked).toEqual([]);
  fireEvent.click(row.getByRole("button", { name: "Revoke" }));
  fireEvent.click(screen.getByRole("button", { name: "Revoke the key" }));
  await waitFor(() => expect(asked).toEqual(["k-1"]));
  expect(screen.getByRole("dialog")).toBeTruthy();
  refused = false;
  await waitFor(() => expect(screen.getByRole<HTMLButtonElement>("button", { name: "Revoke the key" }).disabled).toBe(false));
  fireEvent.click(screen.getByRole("button", { name: "Revoke the key" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  expect(asked).toEqual(["k-1", "k-1"]);
});
