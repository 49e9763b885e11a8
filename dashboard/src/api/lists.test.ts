// @vitest-environment jsdom
import { QueryClient, QueryObserver } from "@tanstack/react-query";
import { afterEach, describe, expect, it, vi } from "vitest";
import { keys } from "./keys";
import { refreshRuns, type RunPage, withNewest } from "./lists";

const run = (number: number, status = "running") =>
  ({ run_id: `r${number}`, created_at: new Date(1e12 + number * 1000).toISOString(), status }) as unknown as RunPage["items"][number];
const page = (from: number, to: number): RunPage => ({ items: Array.from({ length: from - to + 1 }, (_, index) => run(from - index)), next_cursor: `after ${to}` });
const idsOf = (pages: RunPage[]) => pages.flatMap((one) => one.items.map((item) => item.run_id));

describe("a newer first page", () => {
  it("is put in front, and nothing between it and the next one is lost or there twice", () => {
    const pages = withNewest([page(9, 7), page(6, 4)], page(11, 9));
    expect(idsOf(pages)).toEqual(["r11", "r10", "r9", "r8", "r7", "r6", "r5", "r4"]);
    expect(pages[0]?.next_cursor).toBe("after 7");
  });

  it("leaves out what does not belong to the list any more", () => {
    const newest = { items: [run(9), run(7)], next_cursor: "after 7" };
    expect(idsOf(withNewest([page(9, 7), page(6, 4)], newest))).toEqual(["r9", "r7", "r6", "r5", "r4"]);
  });
});

describe("a list of many pages", () => {
  afterEach(() => vi.unstubAllGlobals());

  it("asks for its first page and for what changed further down, and for nothing else", async () => {
    const asked: string[] = [];
    vi.stubGlobal("fetch", (request: Request) => {
      const { pathname, search } = new URL(request.url);
      asked.push(pathname + search);
      return Promise.resolve(Response.json(pathname === "/v1/runs" ? page(101, 99) : run(5, "completed")));
    });
    const cache = new QueryClient();
    const key = keys.runList({ limit: 3 });
    const pages = [page(100, 98), page(8, 6), page(5, 3), page(2, 0)];
    cache.setQueryData(key, { pages, pageParams: pages.map(() => null) });
    const stop = new QueryObserver(cache, { queryKey: key, staleTime: Infinity }).subscribe(() => undefined);
    await refreshRuns(cache, new Set(["r5", "r77"]));
    stop();
    expect(asked.sort()).toEqual(["/v1/runs/r5", "/v1/runs?limit=3"]);
    const now = cache.getQueryData<{ pages: RunPage[] }>(key)?.pages ?? [];
    expect(idsOf(now).slice(0, 4)).toEqual(["r101", "r100", "r99", "r98"]);
    expect(now[2]?.items[0]).toMatchObject({ run_id: "r5", status: "completed" });
    expect(now[3]).toBe(pages[3]);
  });
});
