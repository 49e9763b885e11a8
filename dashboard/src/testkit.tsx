/** What tests of hooks and pages share: services that answer what a test says, and caches to keep the answers in. */
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createMemoryHistory, RouterProvider } from "@tanstack/react-router";
import { cleanup, configure, render } from "@testing-library/react";
import { http, HttpResponse, ws } from "msw";
import { setupServer } from "msw/node";
import type { ReactNode } from "react";
import { afterAll, afterEach, beforeAll, vi } from "vitest";
import { stream } from "./api/live";
import { makeRouter } from "./router";

// For a busy machine; nothing waits longer than what it waits for.
configure({ asyncUtilTimeout: 10_000 });

export const server = setupServer();
export const at = (path: string): string => new URL(path, location.origin).toString();

/** Answer for the services in this file's tests; what no test foresaw fails it, and none hears what another opened. */
export function serving(): void {
  beforeAll(() => server.listen({ onUnhandledRequest: "error" }));
  afterEach(() => {
    cleanup();
    stream.stop();
    server.resetHandlers();
    vi.unstubAllGlobals();
  });
  afterAll(() => server.close());
}

/** A cache of its own that asks once. */
export const makeCache = (): QueryClient => new QueryClient({ defaultOptions: { queries: { retry: false } } });

export const within =
  (cache: QueryClient) =>
  ({ children }: { children: ReactNode }) => <QueryClientProvider client={cache}>{children}</QueryClientProvider>;

/** The whole page at an address, as somebody sees it who is signed in as these services say. */
export function openPage(path: string): { address: () => string } & ReturnType<typeof render> {
  // The window of a test has nothing to scroll.
  vi.stubGlobal("scrollTo", () => undefined);
  const router = makeRouter(createMemoryHistory({ initialEntries: [path] }));
  const shown = render(<RouterProvider router={router} />, { wrapper: within(makeCache()) });
  return { ...shown, address: () => router.history.location.href };
}

/** The socket that pages listen at. */
export const socket = ws.link(at("/ws").replace("http", "ws"));

/** What every page asks for: who is signed in, and what stands around its content. */
export const frame = (me: object = ANN) => [
  http.get(at("/v1/me"), () => HttpResponse.json(me)),
  http.get(at("/v1/airlock/stats"), () => HttpResponse.json({ by_status: {}, overdue: 0, held: 0, oldest_open_at: null })),
  http.get(at("/v1/airlock/kill"), () => HttpResponse.json({ stopped: false })),
  http.post(at("/v1/tickets"), () => HttpResponse.json({ ticket: "t" })),
  socket.addEventListener("connection", () => undefined),
];
export const ANN = { tenant: "default", user_id: "ann", roles: ["creator"], display_name: "Ann" };

/** Says what the services answer with when they refuse. */
export const problem = (status: number, error: string, detail: string) =>
  HttpResponse.json({ status, error, detail, request_id: "r-1" }, { status });
