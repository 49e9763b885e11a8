// @vitest-environment jsdom
/** What runs cost, and by what: shares add up to the whole, and nothing spent is said as that. */
import { fireEvent, render, screen } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { expect, it, vi } from "vitest";
import { at, makeCache, problem, server, serving, within } from "@/testkit";
import { Money } from "./Money";

serving();
const costs = (by: string | null, also: object = {}) => ({ by, since: "2026-11-20T00:00:00Z", total_usd: "2.000000", rest_usd: "0.500000", runs: 4, is_whole: true, shares: [{ name: "writer", title: "Writer", cost_usd: "1.500000", runs: 3 }], ...also });

function show(answer: (by: string | null) => Response): void {
  server.use(http.get(at("/v1/insights/costs"), ({ request }) => answer(new URL(request.url).searchParams.get("by"))));
  // The page of a test has no width, so its chart is not drawn.
  vi.stubGlobal("ResizeObserver", class { observe = () => undefined; disconnect = () => undefined; });
  render(<Money days={7} />, { wrapper: within(makeCache()) });
}

it("says the whole, the average, and shares that add up to it", async () => {
  show((by) => HttpResponse.json(costs(by, { is_whole: false })));
  await screen.findByText("$2.00");
  screen.getByText("$0.50", { selector: "dd" });
  screen.getByText(/There were more runs than are added up here/);
  expect((await screen.findByText("Writer")).closest("li")?.textContent).toContain("$1.50");
  expect(screen.getByText("The rest").closest("li")?.textContent).toContain("$0.50");
});

it("asks for another split, and names what has no name", async () => {
  show((by) => HttpResponse.json(costs(by, by === "model" ? { rest_usd: "0", shares: [{ name: "", title: "", cost_usd: "2.000000", runs: 4 }] } : {})));
  fireEvent.click(await screen.findByRole("button", { name: "Made by" }));
  await screen.findByText("Nothing was kept of it");
  expect(screen.queryByText("The rest")).toBeNull();
});

it("says that nothing was paid for, and why it cannot be told", async () => {
  show((by) => HttpResponse.json(costs(by, { total_usd: "0", rest_usd: "0", runs: 0, shares: [] })));
  await screen.findByText(/Nothing was paid for/);
});

it("says why the costs cannot be told", async () => {
  show(() => problem(503, "unavailable", "The costs cannot be added up now."));
  await screen.findAllByText("The costs cannot be added up now.");
});
