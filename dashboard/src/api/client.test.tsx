// @vitest-environment jsdom
/** The client against a service that refuses: MSW answers as the services do. */
import { renderHook, waitFor } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { afterEach, beforeEach, expect, it } from "vitest";
import { ANN, at, makeCache, problem, server, serving, within } from "@/testkit";
import { api, got, Refused } from "./client";
import { useDecide } from "./airlock";
import { useStart } from "./runs";
import { useMe } from "./session";

serving();
beforeEach(() => {
  document.cookie = "greenlight_csrf=abc123";
});
afterEach(() => {
  document.cookie = "greenlight_csrf=; max-age=0";
});

it("renews a token that ran out once for all who ask, and asks again", async () => {
  let renewed = 0;
  let fresh = false;
  server.use(
    http.get(at("/v1/me"), () => (fresh ? HttpResponse.json(ANN) : problem(401, "unauthenticated", "The token has expired."))),
    http.post(at("/v1/sessions/renew"), ({ request }) => {
      renewed += 1;
      fresh = request.headers.get("x-csrf-token") === "abc123";
      return HttpResponse.json({}, { status: fresh ? 200 : 403 });
    }),
  );
  const { result } = renderHook(() => [useMe(), useMe()] as const, { wrapper: within(makeCache()) });
  await waitFor(() => expect(result.current[0].data).toEqual(ANN));
  expect(renewed).toBe(1);
});

it("knows that nobody is signed in", async () => {
  server.use(
    http.get(at("/v1/me"), () => problem(401, "unauthenticated", "This needs a token.")),
    http.post(at("/v1/sessions/renew"), () => problem(401, "unauthenticated", "You are not signed in any more.")),
  );
  const { result } = renderHook(() => useMe(), { wrapper: within(makeCache()) });
  await waitFor(() => expect(result.current.data).toBeNull());
});

it("starts a run with the form's own key and the session's header", async () => {
  const keys: (string | null)[] = [];
  server.use(
    http.post(at("/v1/runs"), ({ request }) => {
      keys.push(request.headers.get("idempotency-key"), request.headers.get("x-csrf-token"));
      return HttpResponse.json({ run_id: "r", status: "pending" }, { status: 202 });
    }),
  );
  const { result } = renderHook(() => useStart(), { wrapper: within(makeCache()) });
  const run = await result.current.mutateAsync({ workflow: "short_video", input: { brief: "x" }, visibility: "tenant", priority: "medium", key: "k-1" });
  expect(run.run_id).toBe("r");
  expect(keys).toEqual(["k-1", "abc123"]);
});

it("says who was quicker when two decide", async () => {
  server.use(http.post(at("/v1/airlock/items/i/decision"), () => problem(409, "conflict", "bob approved it a moment ago.")));
  const { result } = renderHook(() => useDecide("i"), { wrapper: within(makeCache()) });
  const lost = result.current.mutateAsync({ decision: "rejected", comment: "no", manifest_sha256: "0", accepts_downgrades: [] });
  const error = await lost.catch((refused: unknown) => refused);
  expect(error).toBeInstanceOf(Refused);
  expect(error).toMatchObject({ status: 409, message: "bob approved it a moment ago.", requestId: "r-1" });
});

it("says that nobody answered in words", async () => {
  server.use(http.get(at("/v1/me"), () => HttpResponse.error()));
  const refused = await got(api.GET("/v1/me")).catch((error: unknown) => error);
  expect(refused).toMatchObject({ status: 0, code: "unreachable" });
});
