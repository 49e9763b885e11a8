import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Refresher } from "./refreshing";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it("asks once for what was told together, and at once again after a quiet time", async () => {
  const asked: string[][] = [];
  const refresher = new Refresher<string>((old) => Promise.resolve(void asked.push([...old])), 250, 2000);
  refresher.add("runs", "airlock");
  refresher.add("runs");
  await vi.advanceTimersByTimeAsync(249);
  expect(asked).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(asked).toEqual([["runs", "airlock"]]);
  await vi.advanceTimersByTimeAsync(10_000);
  refresher.add("posts");
  await vi.advanceTimersByTimeAsync(250);
  expect(asked).toEqual([["runs", "airlock"], ["posts"]]);
});

it("asks the seldomer the longer a busy time goes on", async () => {
  let asked = 0;
  const refresher = new Refresher<string>(() => Promise.resolve(void (asked += 1)), 250, 2000);
  for (let tenths = 0; tenths < 100; tenths += 1) {
    refresher.add("runs");
    await vi.advanceTimersByTimeAsync(100);
  }
  // After 0.25, 0.75, 1.75, 3.75, 5.75, 7.75 and 9.75 s.
  expect(asked).toBe(7);
});

it("waits for an answer before it asks again, whether it comes or not", async () => {
  let answer: (() => void) | undefined;
  let asked = 0;
  const refresher = new Refresher<string>(() => {
    asked += 1;
    return asked === 1 ? new Promise((_, reject) => (answer = () => reject(new Error("away")))) : Promise.resolve();
  }, 250, 2000);
  refresher.add("runs");
  await vi.advanceTimersByTimeAsync(250);
  refresher.add("runs");
  await vi.advanceTimersByTimeAsync(60_000);
  expect(asked).toBe(1);
  answer?.();
  await vi.advanceTimersByTimeAsync(500);
  expect(asked).toBe(2);
});

it("asks for nothing any more once it was stopped", async () => {
  const ask = vi.fn(() => Promise.resolve());
  const refresher = new Refresher<string>(ask, 250, 2000);
  refresher.add("runs");
  refresher.stop();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(ask).not.toHaveBeenCalled();
});
