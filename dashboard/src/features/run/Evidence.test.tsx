// @vitest-environment jsdom
/** A run's evidence: packed by the service, saved under a name that says whose it is, and refused in a sentence. */
import { QueryClientProvider } from "@tanstack/react-query";
import { fireEvent, render, screen, waitFor } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Run } from "@/api/runs";
import { keys } from "@/api/keys";
import { Toasts } from "@/components/toasts";
import { ANN, at, makeCache, problem, server, serving } from "@/testkit";
import { Evidence } from "./Evidence";

const RUN = { run_id: "01a1fff7-c26d-7607-8c2f-7d92ceee50ec", created_by: "ann" } as Run;
const PACK = at(`/v1/runs/${RUN.run_id}/evidence`);
const saved: { name: string; bytes: Blob }[] = [];
serving();
beforeEach(() => {
  saved.length = 0;
  const files: Blob[] = [];
  URL.createObjectURL = (file) => `blob:${files.push(file as Blob)}`;
  URL.revokeObjectURL = () => undefined;
  vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(function (this: HTMLAnchorElement) {
    saved.push({ name: this.download, bytes: files[Number(this.href.split(":")[1]) - 1] as Blob });
  });
});
afterEach(() => vi.restoreAllMocks());

function open(me: object): void {
  const cache = makeCache();
  server.use(http.get(at("/v1/me"), () => HttpResponse.json(me)));
  cache.setQueryData(keys.me, me);
  render(<QueryClientProvider client={cache}><Evidence run={RUN} /><Toasts /></QueryClientProvider>);
}

it("is packed once however often it is pressed, saved byte for byte, and says how a stranger checks it", async () => {
  let packed = 0;
  let go = () => undefined as void;
  server.use(http.get(PACK, async () => {
    packed += 1;
    await new Promise<void>((resolve) => (go = resolve));
    return HttpResponse.arrayBuffer(new Uint8Array([80, 75, 3, 4]).buffer, { headers: { "Content-Type": "application/zip" } });
  }));
  open(ANN);
  fireEvent.click(screen.getByRole("button", { name: "Evidence" }));
  const busy = await screen.findByRole("button", { name: "Packing …" });
  fireEvent.click(busy);
  await waitFor(() => expect(packed).toBe(1));
  go();
  await screen.findByText(`Packed and signed. greenlight-verify evidence-${RUN.run_id}.zip checks it, without a network.`);
  expect(packed).toBe(1);
  expect(saved.map((one) => one.name)).toEqual([`evidence-${RUN.run_id}.zip`]);
  expect(saved[0]?.bytes.size).toBe(4);
});

it("saves nothing where it cannot be packed, says why, and can be asked for again", async () => {
  server.use(http.get(PACK, () => problem(503, "unavailable", "The audit chain cannot be read now.")));
  open(ANN);
  fireEvent.click(screen.getByRole("button", { name: "Evidence" }));
  await screen.findByText("The audit chain cannot be read now.");
  expect(saved).toEqual([]);
  expect(screen.getByRole<HTMLButtonElement>("button", { name: "Evidence" }).disabled).toBe(false);
});

it("is there for who answers for what goes out, and for nobody else but its author", () => {
  open({ ...ANN, user_id: "bob", roles: ["compliance_officer"] });
  expect(screen.getByRole("button", { name: "Evidence" })).toBeTruthy();
});

it("is not offered to another creator", () => {
  open({ ...ANN, user_id: "bob" });
  expect(screen.queryByRole("button")).toBeNull();
});
