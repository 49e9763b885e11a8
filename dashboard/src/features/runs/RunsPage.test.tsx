// @vitest-environment jsdom
/** Which runs are shown is in the address: what is reloaded or sent to somebody shows the same. */
import { fireEvent, screen, waitFor } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { beforeEach, expect, it } from "vitest";
import { at, frame, openPage, server, serving } from "@/testkit";

const asked: URLSearchParams[] = [];
beforeEach(() => {
  asked.length = 0;
  server.use(
    http.get(at("/v1/runs"), ({ request }) => {
      asked.push(new URL(request.url).searchParams);
      return HttpResponse.json({ items: [], next_cursor: null });
    }),
    http.get(at("/v1/workflows"), () => HttpResponse.json([{ name: "short_video", title: "Short video" }, { name: "screenplay", title: "" }])),
    ...frame(),
  );
});
serving();

it("asks for what the address says, with its filters in sight", async () => {
  openPage("/runs?state=failed&q=tides&workflow=screenplay&by=bob&took=hour");
  await screen.findByText("No run is like that");
  const last = asked.at(-1);
  expect([last?.getAll("status"), last?.get("q"), last?.get("workflow"), last?.get("created_by"), last?.get("min_seconds")]).toEqual([["failed", "rejected"], "tides", "screenplay", "bob", "3600"]);
  expect(screen.getByLabelText<HTMLInputElement>("Search in briefs").value).toBe("tides");
  expect(screen.getByRole("button", { name: "Filters (3)" }).getAttribute("aria-expanded")).toBe("true");
  expect(screen.getByLabelText<HTMLSelectElement>("Whose").value).toBe("bob");
});

it("says in the address what is chosen, and nothing of what goes without saying", async () => {
  const page = openPage("/runs?state=nonsense");
  await screen.findByText("No runs yet");
  fireEvent.click(screen.getByRole("button", { name: "Waiting" }));
  await waitFor(() => expect(page.address()).toBe("/runs?state=waiting"));
  fireEvent.change(screen.getByLabelText("Search in briefs"), { target: { value: "2026" } });
  await waitFor(() => expect(asked.at(-1)?.get("q")).toBe("2026"));
  fireEvent.click(screen.getByRole("button", { name: "All" }));
  fireEvent.change(screen.getByLabelText("Search in briefs"), { target: { value: "" } });
  await waitFor(() => expect(page.address()).toBe("/runs"));
});
