// @vitest-environment jsdom
/** Shortcuts are for whoever presses nothing else with that key. */
import { render } from "@testing-library/react";
import { expect, it } from "vitest";
import { useKeys } from "./useKeys";

const heard: string[] = [];
const hear = (event: KeyboardEvent) => (heard.push(event.key), true);

function Shown() {
  useKeys(hear);
  return (
    <main tabIndex={-1}>
      <a href="/">Link <b id="inside">with more</b></a>
      <button type="button">Due first</button>
      <details><summary>What no check can see</summary></details>
      <input type="checkbox" aria-label="box" />
      <input type="range" aria-label="slider" />
      <textarea aria-label="note" />
    </main>
  );
}

/** What the page hears of Enter, Space and `j` there. A key that it took is not done twice. */
function heardAt(chosen: string): string {
  const { container, unmount } = render(<Shown />);
  heard.length = 0;
  for (const key of ["Enter", " ", "j"]) {
    const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true });
    container.querySelector(chosen)?.dispatchEvent(event);
    expect(event.defaultPrevented).toBe(heard.includes(key));
  }
  unmount();
  return heard.join(",");
}

it("leaves Enter and Space to what they press, and takes letters anywhere but in fields", () => {
  const places = ["main", "a", "#inside", "button", "summary", "[type=checkbox]", "[type=range]", "textarea"];
  expect(Object.fromEntries(places.map((one) => [one, heardAt(one)]))).toEqual({
    main: "Enter, ,j",
    a: "j",
    "#inside": "j",
    button: "j",
    summary: "j",
    "[type=checkbox]": "j",
    "[type=range]": "Enter, ,j",
    textarea: "",
  });
});
