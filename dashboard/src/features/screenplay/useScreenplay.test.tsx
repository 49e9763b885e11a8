// @vitest-environment jsdom
/** The hook against services that answer late, refuse, and tell more as time goes on. */
import type { QueryClient } from "@tanstack/react-query";
import { act, renderHook, waitFor } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { beforeEach, expect, it } from "vitest";
import { keys } from "@/api/keys";
import { at, makeCache, server, serving, within } from "@/testkit";
import { EMPTY } from "./form";
import { useScreenplay } from "./useScreenplay";

serving();
const CONCEPT = { ...EMPTY, concept: "A keeper of lights", model: "small" };
const screenplay = { title: "Low water", logline: "The sea leaves.", genre: "drama", language: "en", minutes: 10, acts: [], characters: [] };
let cache: QueryClient;
beforeEach(() => {
  cache = makeCache();
});

function aRun(run: object, steps: object[] = []): void {
  server.use(
    http.get(at("/v1/runs/r"), () => HttpResponse.json({ run_id: "r", workflow: "screenplay", output: null, error: null, ...run })),
    http.get(at("/v1/runs/r/state"), () => HttpResponse.json({ steps })),
    http.get(at("/v1/runs/r/history"), () => HttpResponse.json([{ seq: 1, type: "run.started", at: "2026-11-22T05:00:00Z", data: {} }])),
  );
}

it("orders what was filled in, once, and says that it is on its way [F45]", async () => {
  const sent: { body: unknown; key: string | null }[] = [];
  let answer = () => {};
  const held = new Promise<void>((resolve) => (answer = resolve));
  server.use(
    http.post(at("/v1/runs"), async ({ request }) => {
      sent.push({ body: await request.json(), key: request.headers.get("idempotency-key") });
      await held;
      return HttpResponse.json({ run_id: "r", status: "pending" }, { status: 202 });
    }),
  );
  const { result } = renderHook(() => useScreenplay(null), { wrapper: within(cache) });
  expect(result.current).toMatchObject({ data: null, loading: false, error: null, cancel: null });
  let run: Promise<string | null> = Promise.resolve(null);
  act(() => void (run = result.current.write(CONCEPT, "k-1")));
  await waitFor(() => expect(result.current.loading).toBe(true));
  answer();
  expect(await run).toBe("r");
  await waitFor(() => expect(result.current.loading).toBe(false));
  expect(sent).toEqual([{ key: "k-1", body: { workflow: "screenplay", input: { brief: "A keeper of lights", minutes: 10, model: "small" }, visibility: "tenant", priority: "medium" } }]);
});

it("says why it was refused, and nothing was begun", async () => {
  server.use(http.post(at("/v1/runs"), () => HttpResponse.json({ error: "content_blocked", detail: "The concept may not be filmed." }, { status: 400 })));
  const { result } = renderHook(() => useScreenplay(null), { wrapper: within(cache) });
  const run = await act(() => result.current.write(CONCEPT, "k"));
  expect(run).toBeNull();
  await waitFor(() => expect(result.current.error?.message).toBe("The concept may not be filmed."));
  expect(result.current.loading).toBe(false);
});

it("cancels what was only being ordered as soon as it is there", async () => {
  const cancelled: string[] = [];
  let answer = () => {};
  const held = new Promise<void>((resolve) => (answer = resolve));
  server.use(
    http.post(at("/v1/runs"), async () => (await held, HttpResponse.json({ run_id: "r" }, { status: 202 }))),
    http.post(at("/v1/runs/r/cancel"), () => (cancelled.push("r"), HttpResponse.json({}))),
  );
  const { result } = renderHook(() => useScreenplay(null), { wrapper: within(cache) });
  let run: Promise<string | null> = Promise.resolve("?");
  act(() => void (run = result.current.write(CONCEPT, "k")));
  await waitFor(() => expect(result.current.cancel).not.toBeNull());
  act(() => result.current.cancel?.());
  answer();
  expect(await run).toBeNull();
  await waitFor(() => expect(cancelled).toEqual(["r"]));
});

it("has what is written as the run comes to it, and can be stopped until it is over [F45]", async () => {
  aRun({ state: "running" });
  const { result } = renderHook(() => useScreenplay("r"), { wrapper: within(cache) });
  expect(result.current.loading).toBe(true);
  await waitFor(() => expect(result.current.newest?.type).toBe("run.started"));
  expect(result.current).toMatchObject({ data: null, loading: true });

  const outline = { id: "screenplay", state: "done", output: { screenplay, written_by: "home/small" } };
  aRun({ state: "waiting" }, [outline, { id: "screenplay.hidden", state: "done", output: null }]);
  // What a frame of the stream does.
  await act(() => cache.invalidateQueries({ queryKey: keys.run("r") }));
  await waitFor(() => expect(result.current.data?.screenplay.title).toBe("Low water"));
  expect(result.current).toMatchObject({ loading: false, error: null, data: { approved: false, writtenBy: "home/small" } });
  expect(result.current.steps.map((step) => step.id)).toEqual(["screenplay"]);

  let stopped = 0;
  server.use(http.post(at("/v1/runs/r/cancel"), () => ((stopped += 1), HttpResponse.json({}))));
  aRun({ state: "cancelled" }, [outline]);
  act(() => result.current.cancel?.());
  await waitFor(() => expect(result.current.cancel).toBeNull());
  expect(stopped).toBe(1);
  expect(result.current.data?.screenplay.title).toBe("Low water");
});

it("says why a run failed, and that one of somebody else's is not there", async () => {
  aRun({ state: "failed", error: { stage: "screenplay", detail: "There is no model 'gpt-5' here; there are large, small." } });
  const { result } = renderHook(() => useScreenplay("r"), { wrapper: within(cache) });
  await waitFor(() => expect(result.current.error?.message).toContain("there are large, small"));
  expect(result.current).toMatchObject({ loading: false, data: null, cancel: null });

  server.use(...["", "/state", "/history"].map((part) => http.get(at(`/v1/runs/x${part}`), () => HttpResponse.json({ error: "not_found", detail: "There is no run x." }, { status: 404 }))));
  const other = renderHook(() => useScreenplay("x"), { wrapper: within(cache) });
  await waitFor(() => expect(other.result.current.error?.message).toBe("There is no run x."));
  expect(other.result.current.loading).toBe(false);
});
