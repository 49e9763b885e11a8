/** What tests of hooks and pages share: services that answer what a test says, and caches to keep the answers in. */
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { setupServer } from "msw/node";
import type { ReactNode } from "react";
import { afterAll, afterEach, beforeAll } from "vitest";

export const server = setupServer();
export const at = (path: string): string => new URL(path, location.origin).toString();

/** Answer for the services in this file's tests; what no test foresaw fails it. */
export function serving(): void {
  beforeAll(() => server.listen({ onUnhandledRequest: "error" }));
  afterEach(() => server.resetHandlers());
  afterAll(() => server.close());
}

/** A cache of its own that asks once. */
export const makeCache = (): QueryClient => new QueryClient({ defaultOptions: { queries: { retry: false } } });

export const within =
  (cache: QueryClient) =>
  ({ children }: { children: ReactNode }) => <QueryClientProvider client={cache}>{children}</QueryClientProvider>;
