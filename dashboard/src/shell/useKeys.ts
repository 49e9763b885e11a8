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

type Handler = (event: KeyboardEvent) => boolean;

/** Whether a plain key may be a shortcut: nobody types, no dialog is open, and it presses nothing else. */
const isFree = (event: KeyboardEvent): boolean =>
  !(event.metaKey || event.ctrlKey || event.altKey || isTyping(event.target) || isPress(event) || document.querySelector("[role=dialog]"));

/** Plain keys as shortcuts, where they are free. The handler says whether a key was for it. */
export function useKeys(handler: Handler, enabled = true): void {
  useEffect(() => {
    if (!enabled) return;
    const hear = (event: KeyboardEvent) => {
      if (isFree(event) && handler(event)) event.preventDefault();
    };
    addEventListener("keydown", hear);
    return () => removeEventListener("keydown", hear);
  }, [handler, enabled]);
}

/** The same for what works on every page: it hears a key first, and what it takes is no page's any more. */
export function useKeysFirst(handler: Handler): void {
  useEffect(() => {
    const hear = (event: KeyboardEvent) => {
      if (!isFree(event) || !handler(event)) return;
      event.preventDefault();
      event.stopImmediatePropagation();
    };
    addEventListener("keydown", hear, { capture: true });
    return () => removeEventListener("keydown", hear, { capture: true });
  }, [handler]);
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
