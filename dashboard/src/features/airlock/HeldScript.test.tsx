// @vitest-environment jsdom
/** A script's words at the airlock: what is other is told, with a headline that is made of it. */
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, expect, it } from "vitest";
import { type Beat, HeldScript } from "./HeldScript";

afterEach(cleanup);
const beats = [
  { narration: "Honey never spoils.", headline: "Honey", seconds: 4 },
  { narration: "It has 18 % water.", headline: "18 % water", seconds: null },
];

it("tells what was changed, and nothing once it is as it was", () => {
  const told: ({ beats: Beat[] } | null)[] = [];
  render(<HeldScript script={{ title: "Honey", beats }} seconds={8.2} edit={(one) => told.push(one)} />);
  screen.getByText("Honey, about 8 s");
  const second = screen.getByLabelText("Words of scene 2");
  fireEvent.change(second, { target: { value: "It has little water." } });
  fireEvent.change(second, { target: { value: "It has 18 % water." } });
  expect(told).toEqual([{ beats: [beats[0], { narration: "It has little water.", headline: "", seconds: null }] }, null]);
});

it("says what became of what was asked for", () => {
  const remarks = [{ scene: 1, done: true, said: "The sentence was changed." }, { scene: null, done: false, said: "Which scene is meant?" }];
  render(<HeldScript script={{ title: "Honey", beats }} seconds={8} remarks={remarks} />);
  screen.getByText("Scene 2. The sentence was changed.");
  screen.getByText("Not done. Which scene is meant?");
});

it("is only read by those who may not edit it", () => {
  render(<HeldScript script={{ title: "Honey", beats }} seconds={8} />);
  expect(screen.queryByRole("textbox")).toBeNull();
  screen.getByText("It has 18 % water.");
});
