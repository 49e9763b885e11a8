// @vitest-environment jsdom
import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, expect, it } from "vitest";
import { refusedBy } from "@/api/client";
import { Trouble } from "./States";

afterEach(cleanup);
const BLOCKED = { error: "content_blocked", detail: "It names a private person. Leave the name away.", rules: ["baseline.person", "brand.claim"], request_id: "r-7" };

it("says which rules refused what was written, and what to do about each [M13]", () => {
  const findings = [
    { rule: "baseline.person", message: "It names a private person.", remedy: "Leave the name away.", where: "/brief" },
    { rule: "brand.claim", message: "It promises a cure.", remedy: "Say what is known.", where: "/brief" },
  ];
  render(<Trouble error={refusedBy(400, { ...BLOCKED, findings })} />);
  expect(screen.getAllByRole("listitem").map((one) => one.textContent)).toEqual([
    "It names a private person. Leave the name away. baseline.person",
    "It promises a cure. Say what is known. brand.claim",
  ]);
  expect(screen.getByRole("alert").textContent).toContain("r-7");
});

it("names the rules where nothing more is told", () => {
  render(<Trouble error={refusedBy(400, BLOCKED)} />);
  expect(screen.getByRole("alert").textContent).toContain(BLOCKED.detail);
  expect(screen.getAllByRole("listitem").map((one) => one.textContent?.trim())).toEqual(["baseline.person", "brand.claim"]);
});
