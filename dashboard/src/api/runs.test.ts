// @vitest-environment jsdom
import { renderHook } from "@testing-library/react";
import { expect, it } from "vitest";
import { useOnceKey } from "./runs";

it("keeps the key of what is filled in, until some of it changes", () => {
  const { result, rerender } = renderHook(() => useOnceKey());
  const given = { brief: "Tides" };
  const first = result.current(given, "tenant");
  rerender();
  expect(result.current(given, "tenant")).toBe(first);
  const other = result.current(given, "private");
  expect(other).not.toBe(first);
  expect(result.current({ brief: "Honey" }, "private")).not.toBe(other);
});
