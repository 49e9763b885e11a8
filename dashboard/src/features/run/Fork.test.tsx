// @vitest-environment jsdom
/** A fork sends what was edited and nothing else: the run's input, what the step is given, or neither. */
import { fireEvent, render, screen, waitFor } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { expect, it, vi } from "vitest";
import type { Run, Step } from "@/api/runs";
import { at, makeCache, problem, server, serving, within } from "@/testkit";
import { Fork } from "./Fork";

serving();
const run = { run_id: "r", workflow: "short_video", input: { brief: "Tides", target_seconds: 20 } } as unknown as Run;
const steps = ["ideation", "script", "publish"].map((id) => ({ id, state: id === "publish" ? "idle" : "done" }) as Step);

function opened(): { sent: unknown[]; forked: ReturnType<typeof vi.fn> } {
  const sent: unknown[] = [];
  server.use(
    http.get(at("/v1/runs/r/orders"), ({ request }) => {
      const step = new URL(request.url).searchParams.get("step");
      return HttpResponse.json([{ seq: 3, place: null, attempt: 1, step_id: step, agent: null, input: { about: step, words: 40 } }]);
    }),
    http.post(at("/v1/runs/r/fork"), async ({ request }) => {
      sent.push(await request.json());
      return sent.length > 1 ? problem(422, "invalid", "words is to be a number.") : HttpResponse.json({ run_id: "f" }, { status: 202 });
    }),
    http.get(at("/v1/runs"), () => HttpResponse.json({ items: [], next_cursor: null })),
  );
  const forked = vi.fn();
  render(<Fork run={run} steps={steps} close={() => undefined} forked={forked} />, { wrapper: within(makeCache()) });
  return { sent, forked };
}
const write = (label: string, value: object | string) =>
  fireEvent.change(screen.getByLabelText(label), { target: { value: typeof value === "string" ? value : JSON.stringify(value) } });
const send = (from: string) => fireEvent.click(screen.getByRole("button", { name: `Fork from ${from}` }));

it("gives one step something else, and leaves the run's input", async () => {
  const { sent, forked } = opened();
  fireEvent.change(screen.getByLabelText("From"), { target: { value: "script" } });
  await screen.findByLabelText("What script is given");
  write("What script is given", { about: "script", words: 60 });
  send("script");
  await waitFor(() => expect(forked).toHaveBeenCalledWith("f"));
  expect(sent).toEqual([{ from_step: "script", definition: "same", with: { words: 60 } }]);
});

it("edits the run's input, sends nothing that is no object, and says why it was refused", async () => {
  const { sent } = opened();
  await screen.findByLabelText("What ideation is given");
  write("Input of the run", "{");
  expect(screen.getByRole<HTMLButtonElement>("button", { name: "Fork from ideation" }).disabled).toBe(true);
  write("Input of the run", { brief: "Waves" });
  send("ideation");
  await waitFor(() => expect(sent).toEqual([{ from_step: "ideation", definition: "same", input: { brief: "Waves", target_seconds: null } }]));
  send("ideation");
  expect(await screen.findByText("words is to be a number.")).toBeTruthy();
});
