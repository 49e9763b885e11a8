import { type RefObject, useEffect } from "react";

/** Inputs that take no letters: shortcuts go on beside a slider or a box to tick. */
const WORDLESS = new Set(["range", "checkbox", "radio"]);

/** Whether keys belong to a field, and are no shortcuts. */
export const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || /^(TEXTAREA|SELECT)$/.test(target.tagName) || (target instanceof HTMLInputElement && !WORDLESS.has(target.type)));

/** Enter and Space press what has the focus, where that can be pressed; a slider cannot. */
const PRESSES = new Set(["Enter", " "]);
const PRESSABLE = "a, button, summary, select, input:not([type=range]), [role=button], [role=option], [role=menuitem]";
const isPress = (event: KeyboardEvent): boolean => PRESSES.has(event.key) && event.target instanceof Element && !!event.target.closest(PRESSABLE);

/** Plain keys as shortcuts, while nobody types, no dialog is open and the key presses nothing else. The handler says whether a key was for it. */
export function useKeys(handler: (event: KeyboardEvent) => boolean, enabled = true): void {
  useEffect(() => {
    if (!enabled) return;
    const hear = (event: KeyboardEvent) => {
      if (event.metaKey || event.ctrlKey || event.altKey || isTyping(event.target) || isPress(event)) return;
      if (document.querySelector("[role=dialog]")) return;
      if (handler(event)) event.preventDefault();
    };
    addEventListener("keydown", hear);
    return () => removeEventListener("keydown", hear);
  }, [handler, enabled]);
}

/** ⌘ Enter, or Ctrl Enter, anywhere in a form sends it. */
export function useSendKey(form: RefObject<HTMLFormElement | null>): void {
  useEffect(() => {
    const now = form.current;
    const hear = (event: KeyboardEvent) => {
      if ((event.metaKey || event.ctrlKey) && event.key === "Enter") now?.requestSubmit();
    };
    now?.addEventListener("keydown", hear);
    return () => now?.removeEventListener("keydown", hear);
  }, [form]);
}
