// @vitest-environment jsdom
/** The smaller resources are asked for by the names that their services read. */
import { renderHook, waitFor } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { expect, it } from "vitest";
import { at, makeCache, server, serving, within } from "@/testkit";
import { useHandleLetter, useLibrary } from "./others";

serving();

it("searches the library by its parameter, and leaves it away when nothing is looked for", async () => {
  const asked: string[] = [];
  server.use(
    http.get(at("/v1/library"), ({ request }) => {
      asked.push(new URL(request.url).search);
      return HttpResponse.json({ items: [], next_cursor: null });
    }),
  );
  for (const query of ["tides & moons", ""]) {
    const { result } = renderHook(() => useLibrary(query), { wrapper: within(makeCache()) });
    await waitFor(() => expect(result.current.isSuccess).toBe(true));
  }
  expect(asked).toEqual(["?limit=30&query=tides%20%26%20moons", "?limit=30"]);
});

it("gives a reason for what needs nothing more, and none for what is sent again", async () => {
  const sent: string[] = [];
  const take = async ({ request }: { request: Request }) => {
    sent.push(`${new URL(request.url).pathname} ${await request.text()}`);
    return HttpResponse.json({});
  };
  server.use(http.post(at("/admin/dlq/7/replay"), take), http.post(at("/admin/dlq/7/resolve"), take));
  const { result } = renderHook(() => useHandleLetter(), { wrapper: within(makeCache()) });
  await result.current.mutateAsync({ id: "7", redrive: true });
  await result.current.mutateAsync({ id: "7", redrive: false, note: "Withdrawn." });
  expect(sent).toEqual(["/admin/dlq/7/replay ", '/admin/dlq/7/resolve {"note":"Withdrawn."}']);
});
