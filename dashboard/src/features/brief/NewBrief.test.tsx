// @vitest-environment jsdom
/** A mission is briefed in one form, and becomes one run. */
import { fireEvent, screen, waitFor } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { expect, it } from "vitest";
import { at, frame, openPage, server, serving } from "@/testkit";

const step = (id: string, kind: string, reviewers: string[] = []) => ({ id, kind, parent: null, block: "", when: null, cases: {}, reviewers });
const inputs = { brief: { type: "str", required: true, default: null }, audience: { type: "str", required: false, default: "" }, window: { type: "object", required: false, default: {} } };
const WORKFLOWS = [
  { name: "short_video", title: "Short video", description: "A film.", status: "ready", hidden: false, inputs, outline: [step("ideas", "run"), step("pick_idea", "gate"), step("final_cut", "gate", ["compliance_officer", "ada"])] },
  { name: "teaser", title: "Teaser", description: "A short one.", status: "ready", hidden: false, inputs, outline: [step("cut", "run")] },
];
serving();

it("takes objective, kind, audience, timeline and review, and starts one run [A81]", async () => {
  const sent: { key: string | null; body: unknown }[] = [];
  server.use(
    http.get(at("/v1/workflows"), () => HttpResponse.json(WORKFLOWS)),
    http.post(at("/v1/runs/estimate"), () => HttpResponse.json({ detail: "Not now.", status: 503, error: "unavailable" }, { status: 503 })),
    http.post(at("/v1/runs"), async ({ request }) => {
      sent.push({ key: request.headers.get("idempotency-key"), body: await request.json() });
      return HttpResponse.json({ detail: "Not now.", status: 503, error: "unavailable" }, { status: 503 });
    }),
    ...frame(),
  );
  openPage("/new");
  fireEvent.change(await screen.findByLabelText("Brief"), { target: { value: "How tides work" } });
  expect([...document.querySelectorAll(".reviews li")].map((one) => one.textContent)).toEqual(["Pick idea by reviewers, unless a policy names others", "Final cut by compliance officer, ada"]);
  fireEvent.click(screen.getByRole("button", { name: "Teaser" }));
  await screen.findByText("Nobody is asked: this workflow goes through without a gate.");
  fireEvent.click(screen.getByRole("button", { name: "Short video" }));
  fireEvent.change(screen.getByLabelText("Audience"), { target: { value: "Sailors" } });
  const [from, until] = ["2126-12-24T18:00", "2126-12-31T18:00"];
  fireEvent.change(screen.getByLabelText("Goes out from"), { target: { value: until } });
  fireEvent.change(screen.getByLabelText("And not after"), { target: { value: from } });
  const start = () => fireEvent.click(screen.getByRole("button", { name: "Start the run" }));
  start();
  await screen.findByText("It ends before it begins.");
  expect(sent).toEqual([]);
  fireEvent.change(screen.getByLabelText("Goes out from"), { target: { value: from } });
  fireEvent.change(screen.getByLabelText("And not after"), { target: { value: until } });
  fireEvent.click(screen.getByRole("button", { name: "Only me and reviewers" }));
  start();
  await waitFor(() => expect(sent).toHaveLength(1));
  const window = { not_before: new Date(from).toISOString(), not_after: new Date(until).toISOString() };
  expect(sent[0]?.body).toEqual({ workflow: "short_video", input: { brief: "How tides work", audience: "Sailors", window }, visibility: "private", priority: "medium" });
  // Nobody answered, so the same is asked once more, by the same key.
  await screen.findByText("Not now.");
  start();
  await waitFor(() => expect(sent).toHaveLength(2));
  expect(sent[1]?.key).toBe(sent[0]?.key);
});
