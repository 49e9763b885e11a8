// @vitest-environment jsdom
/** A finished script on the page of a new brief: read by the service, shown as it was read, sent with the run. */
import { fireEvent, screen, waitFor } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { expect, it } from "vitest";
import { ANN, at, frame, openPage, problem, server, serving } from "@/testkit";

serving();
const input = (type: string, given: unknown) => ({ type, required: given === null, default: given, choices: [] });
const film = { name: "short_video", title: "Short film", description: "A film.", status: "ready", hidden: false, steps: [], outline: [], problems: [], inputs: { brief: input("str", null), script: input("object", {}) } };
const script = { title: "Honey", language: "", scenes: [{ text: "Honey never spoils.", seconds: 4.5, headline: "", heading: "INT. KITCHEN" }] };

it("shows what was read and left out, fills an empty brief, and starts the run with it", async () => {
  const sent: { name: string | null; body: string }[] = [];
  let started: { input: object } | undefined;
  server.use(
    ...frame(ANN),
    http.get(at("/v1/workflows"), () => HttpResponse.json([film])),
    http.post(at("/v1/runs/estimate"), () => HttpResponse.json({ known_cost_usd: "0", known_duration_ms: 0, runs_looked_at: 0, cost_unknown_for: [], duration_unknown_for: [], steps: [] })),
    http.post(at("/v1/scripts/read"), async ({ request }) => {
      sent.push({ name: new URL(request.url).searchParams.get("name"), body: await request.text() });
      if (sent.length === 1) return problem(422, "script_unreadable", "Line 2: 'four' is no duration. Write seconds, such as 4.5.");
      return HttpResponse.json({ script, format: "csv", seconds: 4.5, left_out: [{ line: 1, what: "column", text: "camera" }] });
    }),
    http.post(at("/v1/runs"), async ({ request }) => {
      started = (await request.json()) as { input: object };
      return problem(503, "unavailable", "Not now.");
    }),
  );
  openPage("/new");
  const field = await screen.findByLabelText<HTMLInputElement>("Finished script");
  const choose = (text: string) => fireEvent.change(field, { target: { files: [new File([text], "honey.csv")] } });
  choose("text,duration\nHoney never spoils.,four");
  await screen.findByText(/Line 2: 'four' is no duration/);

  choose("text,duration\nHoney never spoils.,4.5");
  await screen.findByText("1 scene, about 5 s");
  screen.getByText(/Honey never spoils\./);
  screen.getByText("1 thing left out");
  screen.getByText("Line 1, column: camera");
  expect(sent[1]).toEqual({ name: "honey.csv", body: "text,duration\nHoney never spoils.,4.5" });
  expect(screen.getByLabelText<HTMLTextAreaElement>("Brief").value).toBe("Honey");

  fireEvent.click(screen.getByRole("button", { name: "Start the run" }));
  await waitFor(() => expect(started?.input).toEqual({ brief: "Honey", script: { title: "Honey", scenes: script.scenes } }));
  fireEvent.click(screen.getByRole("button", { name: "Leave it out" }));
  expect(screen.queryByText("1 thing left out")).toBeNull();
});
