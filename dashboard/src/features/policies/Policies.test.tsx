// @vitest-environment jsdom
/** A brand's logo is brought along on the page where packs are, and the pack's own lines are said. */
import { fireEvent, screen } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { expect, it } from "vitest";
import { ANN, at, frame, openPage, problem, server, serving } from "@/testkit";

const HASH = "ab".repeat(32);
const asked: { search: string; type: string | null; bytes: number }[] = [];
serving();

async function choose(roles: string[], answer: () => Response): Promise<void> {
  server.use(
    http.get(at("/v1/policies"), () => HttpResponse.json({ version: "base", rules: [], packs: [], reevaluating: false })),
    http.post(at("/v1/uploads"), async ({ request }) => {
      asked.push({ search: new URL(request.url).search, type: request.headers.get("content-type"), bytes: (await request.arrayBuffer()).byteLength });
      return answer();
    }),
    ...frame({ ...ANN, roles }),
  );
  openPage("/policies");
  fireEvent.click(await screen.findByRole("button", { name: "Upload a logo …" }));
  const file = new File([new Uint8Array(7)], "house mark.png", { type: "image/png" });
  fireEvent.change(await screen.findByLabelText("File"), { target: { files: [file] } });
  expect(screen.getByLabelText<HTMLInputElement>("What it is called").value).toBe("house mark");
  fireEvent.click(screen.getByRole("button", { name: "It is ours: upload it" }));
}

it("sends the bytes as they are, and says the lines that name them", async () => {
  await choose(["creator"], () => HttpResponse.json({ sha256: HASH, title: "house mark", width: 512, height: 256 }, { status: 201 }));
  expect((await screen.findByLabelText<HTMLTextAreaElement>("What the pack says")).value).toContain(`logo: {upload: ${HASH},`);
  expect(asked).toEqual([{ search: "?kind=logo&title=house+mark&licence=own".replace("+", "%20"), type: "application/octet-stream", bytes: 7 }]);
});

it("says why a file is no logo, and keeps the form", async () => {
  await choose(["admin"], () => problem(422, "invalid", "A logo is a PNG."));
  await screen.findByText("A logo is a PNG.");
  screen.getByLabelText("File");
});

it("offers nothing to who may bring nothing", async () => {
  server.use(http.get(at("/v1/policies"), () => HttpResponse.json({ version: "base", rules: [], packs: [], reevaluating: false })), ...frame({ ...ANN, roles: ["reviewer"] }));
  openPage("/policies");
  await screen.findByText(/in force as/);
  expect(screen.queryByRole("button", { name: "Upload a logo …" })).toBeNull();
});
