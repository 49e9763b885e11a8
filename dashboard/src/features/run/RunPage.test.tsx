// @vitest-environment jsdom
/** A run's page beside a socket that tells what happens. */
import { act, fireEvent, screen, waitFor, within as inside } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { expect, it } from "vitest";
import { at, frame, openPage, server, serving, socket } from "@/testkit";

const RUN = "01a1fff7-c26d-7607-8c2f-7d92ceee50ec";
const BEGAN = "2026-11-21T10:00:00Z";
const OUTLINE = ["ideation", "script"].map((id) => ({ id, kind: "run", parent: null, block: "", when: null, capability: null, agent: null, workflow: null, at_most: null, cases: {} }));
interface Entry {
  seq: number | null;
  type: string;
  data: object;
}
const entry = (seq: number | null, type: string, data: object = {}): Entry => ({ seq, type, data });

/** A run's services: its tables, and a socket that tells of them. */
class Studio {
  state = "running";
  steps: object[] = [];
  history: Entry[] = [];
  orders: object[] = [];
  calls: object[] = [];
  asked: string[] = [];
  subscribed: unknown[] = [];
  tell: (entry: Entry) => void = () => undefined;
  drop: () => void = () => undefined;

  constructor() {
    server.use(
      socket.addEventListener("connection", ({ client }) => {
        const send = (one: Entry) => client.send(JSON.stringify([{ v: 1, run_id: RUN, after_seq: null, at: BEGAN, ...one }]));
        this.tell = send;
        this.drop = () => client.close();
        client.addEventListener("message", ({ data }) => {
          const said = JSON.parse(data as string) as { op: string; run_id: string; from_seq: number };
          if (said.op !== "subscribe" || said.run_id !== RUN) return;
          this.subscribed.push(said.from_seq);
          for (const one of this.history) if (Number(one.seq) > said.from_seq) send(one);
        });
      }),
      http.get(at(`/v1/runs/${RUN}`), () => HttpResponse.json({ ...ABOUT, state: this.state, status: this.state, last_seq: this.history.length })),
      http.get(at(`/v1/runs/${RUN}/state`), () => HttpResponse.json({ steps: this.steps, outline: OUTLINE, trace_url: null })),
      http.get(at(`/v1/runs/${RUN}/orders`), () => HttpResponse.json(this.orders)),
      http.get(at("/v1/calls/ideation"), () => HttpResponse.json({ items: this.calls, next_cursor: null })),
      http.get(at("/v1/calls/producer"), () => HttpResponse.json({ items: [], next_cursor: null })),
      http.get(at(`/v1/runs/${RUN}/artifacts`), () => HttpResponse.json([])),
      http.get(at(`/v1/runs/${RUN}/history`), ({ request }) => {
        this.asked.push(request.url);
        return HttpResponse.json(this.history.map((one) => ({ ...one, at: BEGAN })));
      }),
      http.get(at("/v1/runs"), () => HttpResponse.json({ items: [], next_cursor: null })),
      ...frame(),
    );
  }
}
const ABOUT = {
  run_id: RUN, workflow: "short_video", input: { brief: "How tides work" }, created_by: "ann", created_at: BEGAN, updated_at: BEGAN, finished_at: null,
  cost_usd: "0", unknown_usd: "0", origins: [], visibility: "tenant", downgrades: [], interrupts: [], error: null, rejection: null, forked_from: null,
};
const step = (id: string, state: string) => ({ id, state, kind: "agent", attempt: 1, visit: 1, output: null, children: null, cost_usd: "0" });

serving();

const shown = () => [...document.querySelectorAll(".log li button > span:first-child")].map((one) => Number(one.textContent));

async function opened(studio: Studio): Promise<void> {
  openPage(`/runs/${RUN}`);
  fireEvent.click(await screen.findByRole("button", { name: /^History/ }));
  await waitFor(() => expect(studio.subscribed).toHaveLength(1));
}

it("shows what happens while it happens, and asks for no history again [Z29]", async () => {
  const studio = new Studio();
  studio.history = [entry(1, "run.created"), entry(2, "agent.started", { step: "ideation", capability: "ideation.ideate" })];
  studio.steps = [step("ideation", "ordered")];
  await opened(studio);
  expect(shown()).toEqual([1, 2]);
  const stations = () => inside(screen.getByRole("list", { name: /step/i })).getAllByRole("button").map((one) => one.textContent);
  const before = stations();

  studio.steps = [step("ideation", "done"), step("script", "ordered")];
  studio.state = "completed";
  act(() => {
    studio.tell(entry(3, "agent.completed", { step: "ideation" }));
    studio.tell(entry(4, "run.completed"));
  });
  await waitFor(() => expect(shown()).toEqual([1, 2, 3, 4]));
  await waitFor(() => expect(stations()).not.toEqual(before));
  expect(await screen.findByText("Completed")).toBeTruthy();
  expect(studio.asked).toHaveLength(1);
});

it("goes on after the last entry it knows when the connection comes back", async () => {
  const studio = new Studio();
  studio.history = [entry(1, "run.created"), entry(2, "agent.started", { step: "ideation" })];
  studio.steps = [step("ideation", "ordered")];
  await opened(studio);
  act(() => studio.drop());
  await screen.findByText(/^Not connected/);
  studio.history.push(entry(3, "agent.completed", { step: "ideation" }), entry(4, "agent.started", { step: "script" }));
  fireEvent.click(screen.getByRole("button", { name: "Try now" }));
  await waitFor(() => expect(shown()).toEqual([1, 2, 3, 4]));
  expect(studio.subscribed).toEqual([2, 2]);
  expect(studio.asked).toHaveLength(1);
  expect(screen.queryByText(/^Not connected/)).toBeNull();
});

it("says how far a step is and shows its words while they are written, until another attempt begins [F83]", async () => {
  const studio = new Studio();
  studio.history = [entry(1, "run.created"), entry(2, "agent.started", { step: "ideation", step_id: "s1", attempt: 1 })];
  studio.steps = [step("ideation", "ordered")];
  openPage(`/runs/${RUN}`);
  await waitFor(() => expect(studio.subscribed).toHaveLength(1));
  act(() => {
    studio.tell(entry(null, "progress", { step_id: "s1", done: 0.42, message: "reading sources" }));
    studio.tell(entry(null, "token", { step_id: "s1", text: "The moon " }));
    studio.tell(entry(null, "token", { step_id: "s1", text: "pulls." }));
  });
  const station = () => inside(screen.getByRole("list", { name: "Steps" })).getByRole("button", { name: /^ideation/ }).textContent;
  await waitFor(() => expect(station()).toContain("42 %"));
  expect(screen.getByText("reading sources")).toBeTruthy();
  expect(screen.getByText("The moon pulls.")).toBeTruthy();
  act(() => {
    studio.tell(entry(3, "agent.retrying", { step: "ideation", detail: "It is busy." }));
    studio.tell(entry(4, "agent.started", { step: "ideation", step_id: "s1", attempt: 2 }));
  });
  await waitFor(() => expect(screen.queryByText("The moon pulls.")).toBeNull());
  expect(station()).not.toContain("%");
});

it("shows what a step was given, and what it asked of whom, word for word", async () => {
  const studio = new Studio();
  studio.history = [entry(1, "run.created"), entry(2, "agent.started", { step: "ideation", step_id: "s1", attempt: 1 })];
  studio.steps = [step("ideation", "ordered")];
  studio.orders = [{ seq: 2, at: BEGAN, step_id: "s1", place: null, capability: "ideation.propose_ideas", attempt: 1, agent: { name: "ideator", role: "Finds films.", instructions: "Be brief." }, input: { brief: "Tides, asked" } }];
  studio.calls = [{ step_id: "s1", attempt: 1, name: "endpoint/m", kind: "model", state: "done", cost_usd: "0.02", started_at: BEGAN, finished_at: BEGAN, asked: { messages: [{ role: "system", content: "You propose." }, { role: "user", content: "<brief>" }] }, answered: { text: "Three ideas", usage: { input_tokens: 5, output_tokens: 7 } } }];
  openPage(`/runs/${RUN}`);
  expect(await screen.findByText(/"Tides, asked"/)).toBeTruthy();
  expect(screen.getByText("Be brief.")).toBeTruthy();
  for (const said of ["You propose.", "<brief>", "Three ideas"]) expect(await screen.findByText(said)).toBeTruthy();
  expect(screen.getByText(/12 tokens/).textContent).toContain("$0.02");
});
