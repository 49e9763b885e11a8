// @vitest-environment jsdom
/** Roles of one's own are made, changed, and taken away when nobody holds them. */
import { fireEvent, render, screen, waitFor } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { expect, it } from "vitest";
import { at, makeCache, problem, server, serving, within } from "@/testkit";
import { Roles } from "./Roles";

serving();
const BRAND = { name: "brand_manager", roles: ["creator", "publisher"], changed_by: "ann", changed_at: "2026-11-21T10:00:00Z" };
const sent: string[] = [];

function show(...custom: object[]): void {
  sent.length = 0;
  server.use(
    http.get(at("/v1/roles"), () => HttpResponse.json({ built_in: [], custom, permissions: [] })),
    http.put(at("/v1/roles/:name"), async ({ params, request }) => {
      sent.push(`${String(params.name)} ${await request.text()}`);
      return HttpResponse.json(BRAND);
    }),
  );
  render(<Roles />, { wrapper: within(makeCache()) });
}

it("makes a role of others, none of which is administrator", async () => {
  show();
  await screen.findByText(/^None\. The built-in/);
  fireEvent.click(screen.getByRole("button", { name: "Make a role …" }));
  expect(screen.queryByLabelText("admin")).toBeNull();
  expect(screen.getByRole<HTMLButtonElement>("button", { name: "Save" }).disabled).toBe(true);
  fireEvent.change(screen.getByLabelText("Name"), { target: { value: "brand_manager" } });
  fireEvent.click(screen.getByLabelText("creator"));
  fireEvent.click(screen.getByLabelText("publisher"));
  fireEvent.click(screen.getByRole("button", { name: "Save" }));
  await waitFor(() => expect(sent).toEqual(['brand_manager {"roles":["creator","publisher"]}']));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
});

it("changes one, and says why it cannot be taken away", async () => {
  show(BRAND);
  server.use(http.delete(at("/v1/roles/brand_manager"), () => problem(409, "role_in_use", "It is held: take it from its holders first.")));
  fireEvent.click(await screen.findByRole("button", { name: "brand manager" }));
  fireEvent.click(screen.getByRole("button", { name: "Take brand manager away" }));
  await screen.findByText("It is held: take it from its holders first.");
  fireEvent.click(screen.getByLabelText("publisher"));
  fireEvent.click(screen.getByRole("button", { name: "Save" }));
  await waitFor(() => expect(sent).toEqual(['brand_manager {"roles":["creator"]}']));
});
