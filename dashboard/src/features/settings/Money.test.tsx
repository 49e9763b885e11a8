// @vitest-environment jsdom
/** What was spent and what may be: caps are set and lifted where the numbers are. */
import { fireEvent, render, screen, waitFor, within as inside } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { beforeEach, expect, it } from "vitest";
import { at, makeCache, problem, server, serving, within } from "@/testkit";
import { Money } from "./Money";

const sent: unknown[] = [];
let caps: { kind: string; name: string; at_most_usd: string }[] = [];
serving();
beforeEach(() => {
  sent.length = 0;
  caps = [{ kind: "usd_micros_of_a_day", name: "", at_most_usd: "5.000000" }];
  server.use(
    http.get(at("/v1/budgets"), () => HttpResponse.json([{ of: "total", spent_usd: "12.500000", reserved_usd: "0.004000", cap_usd: null }, { of: "2026-11-21", spent_usd: "1.250000", reserved_usd: "0.500000", cap_usd: "5.000000" }])),
    http.get(at("/v1/limits"), () => HttpResponse.json(caps)),
  );
  render(<Money />, { wrapper: within(makeCache()) });
});
const form = async (label: string) => inside((await screen.findByLabelText(`${label}, in dollars`)).closest("form") as HTMLElement);

it("says what was spent, what is set aside and what the cap is", async () => {
  expect((await screen.findByText("All time")).closest("tr")?.textContent).toBe("All time$12.50$0.0040none");
  expect(screen.getByText("2026-11-21").closest("tr")?.textContent).toBe("2026-11-21$1.25$0.50$5.00");
  expect((await screen.findByLabelText<HTMLInputElement>("In one day, in dollars")).value).toBe("5");
});

it("sets a cap that is a number, with a comma too, and lifts one that there is", async () => {
  server.use(
    http.put(at("/v1/limits"), async ({ request }) => (sent.push(await request.json()), HttpResponse.json({}))),
    http.delete(at("/v1/limits"), ({ request }) => (sent.push(new URL(request.url).search), (caps = []), new HttpResponse(null, { status: 204 }))),
  );
  const run = await form("For one run");
  const [field, set] = [run.getByRole<HTMLInputElement>("textbox"), run.getByRole<HTMLButtonElement>("button", { name: "Set" })];
  for (const nonsense of ["", "much", "-1"]) {
    fireEvent.change(field, { target: { value: nonsense } });
    expect(set.disabled).toBe(true);
  }
  fireEvent.change(field, { target: { value: "2,5" } });
  fireEvent.click(set);
  await waitFor(() => expect(sent).toEqual([{ kind: "usd_micros_of_a_run", name: "", at_most_usd: "2.5" }]));
  expect(run.queryByRole("button", { name: "No cap" })).toBeNull();
  fireEvent.click((await form("In one day")).getByRole("button", { name: "No cap" }));
  await waitFor(() => expect(sent[1]).toBe("?kind=usd_micros_of_a_day"));
  await waitFor(() => expect(screen.getByLabelText<HTMLInputElement>("In one day, in dollars").value).toBe(""));
});

it("keeps what was typed when it is refused", async () => {
  server.use(http.put(at("/v1/limits"), () => problem(403, "forbidden", "Only administrators set caps.")));
  const day = await form("In one day");
  fireEvent.change(day.getByRole("textbox"), { target: { value: "9" } });
  fireEvent.click(day.getByRole("button", { name: "Set" }));
  await waitFor(() => expect(day.getByRole("button", { name: "Set" }).getAttribute("aria-busy")).not.toBe("true"));
  expect(day.getByRole<HTMLInputElement>("textbox").value).toBe("9");
});
