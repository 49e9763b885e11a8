// @vitest-environment jsdom
/** What the library shows is in its address, and every asset says where it came from and under which licence. */
import { fireEvent, screen, waitFor } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { beforeEach, expect, it } from "vitest";
import { at, frame, openPage, problem, server, serving } from "@/testkit";

const NOW = "2026-11-21T10:00:00Z";
const RAIN = { id: "a".repeat(64), run_id: "run-1", type: "music", name: "Rain.wav", size: 2000, media_type: "audio/wav", step: "music", made_by: "Ann", origin: "upload", licence: "CC BY 4.0; its author is named.", announced_at: NOW };
const SCRIPT = { ...RAIN, id: "b".repeat(64), name: "script.json", type: "script", media_type: "application/json", made_by: "producer/rules", origin: "offline", licence: null };
const asked: string[] = [];
const serve = (...items: object[]) =>
  server.use(
    http.get(at("/v1/artifacts"), ({ request }) => {
      asked.push(new URL(request.url).search);
      return HttpResponse.json({ items, next_cursor: null });
    }),
    http.get(at("/v1/library"), () => HttpResponse.json({ items: [], next_cursor: null })),
    ...frame(),
  );
beforeEach(() => {
  asked.length = 0;
});
serving();

it("shows what the address asks for, and says in the address what it is asked for then", async () => {
  serve(RAIN, SCRIPT);
  const page = openPage("/library?show=assets&kind=sound&q=rain");
  await screen.findByText("CC BY 4.0; its author is named.");
  expect(asked).toEqual(["?q=rain&kind=sound&limit=60"]);
  expect(screen.getByText("No licence is noted.")).toBeTruthy();
  expect(screen.getAllByText("Offline stand-in").some((one) => one.className.includes("tag"))).toBe(true);
  fireEvent.click(screen.getByRole("button", { name: "All" }));
  fireEvent.change(screen.getByLabelText("Origin"), { target: { value: "upload" } });
  fireEvent.change(screen.getByLabelText("Search assets"), { target: { value: "rain drops " } });
  await waitFor(() => expect(asked.at(-1)).toBe("?q=rain%20drops&origin=upload&limit=60"));
  expect(Object.fromEntries(new URLSearchParams(page.address().split("?")[1]))).toEqual({ show: "assets", q: "rain drops", origin: "upload" });
  expect(screen.getByLabelText<HTMLInputElement>("Search assets").value).toBe("rain drops ");
});

it("opens what it lists, and leads to the run that has it", async () => {
  serve(RAIN);
  openPage("/library?show=assets");
  fireEvent.click(await screen.findByRole("button", { name: "Rain.wav" }));
  expect((await screen.findByRole("link", { name: "The run" })).getAttribute("href")).toBe("/runs/run-1");
  expect(screen.getByRole("link", { name: "Download" }).getAttribute("href")).toBe(`/v1/artifacts/${RAIN.id}`);
});

it("says that nothing was made yet, that nothing is like that, and that nobody answers", async () => {
  serve();
  const page = openPage("/library?show=assets&kind=film");
  await screen.findByText("Nothing is like that");
  fireEvent.click(screen.getByRole("button", { name: "Show all" }));
  await screen.findByText("Nothing was made yet");
  expect(page.address()).toBe("/library?show=assets");
  server.use(http.get(at("/v1/artifacts"), () => problem(503, "unavailable", "The tables are away.")));
  fireEvent.click(screen.getByRole("button", { name: "Sounds" }));
  await screen.findByText("The tables are away.");
});
