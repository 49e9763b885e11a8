// @vitest-environment jsdom
/** Who is not signed in comes to the sign-in, and from there to what they wanted. */
import { fireEvent, screen, waitFor } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { expect, it } from "vitest";
import { ANN, at, frame, openPage, problem, server, serving } from "@/testkit";

serving();

/** Nobody is signed in until somebody gives this key. */
function closedTo(key: string): string[] {
  const tried: string[] = [];
  let open = false;
  server.use(
    http.get(at("/v1/me"), () => (open ? HttpResponse.json(ANN) : problem(401, "unauthenticated", "This needs a token."))),
    http.post(at("/v1/sessions"), async ({ request }) => {
      tried.push(await request.text());
      open = tried.at(-1)?.includes(key) ?? false;
      return open ? HttpResponse.json({}) : problem(401, "unauthenticated", "That key opens nothing.");
    }),
    http.get(at("/v1/policies"), () => HttpResponse.json([])),
    ...frame(ANN).slice(1),
  );
  return tried;
}

async function give(key: string): Promise<void> {
  fireEvent.click(await screen.findByRole("button", { name: "API key" }));
  fireEvent.change(screen.getByLabelText("API key"), { target: { value: key } });
  fireEvent.click(screen.getByRole("button", { name: "Sign in" }));
}

it("keeps the address that was wanted, and goes there", async () => {
  const tried = closedTo("gl_good");
  const { address } = openPage("/policies?pack=brand+%26+law");
  await waitFor(() => expect(address()).toMatch(/^\/sign-in\?next=/));
  await give("gl_bad");
  expect((await screen.findByRole("alert")).textContent).toBe("That key opens nothing.");
  expect(address()).toMatch(/^\/sign-in/);
  await give("gl_good");
  await screen.findByRole("heading", { name: "Policies" });
  expect(address()).toBe("/policies?pack=brand+%26+law");
  expect(tried.map((one) => JSON.parse(one) as unknown)).toEqual([{ tenant: "default", key: "gl_bad" }, { tenant: "default", key: "gl_good" }]);
});

it("goes home where a link would lead to another site", async () => {
  closedTo("gl_good");
  const { address } = openPage("/sign-in?next=https%3A%2F%2Fevil.example%2F");
  await give("gl_good");
  await waitFor(() => expect(address()).toBe("/"));
});
