import { type RefObject, useEffect } from "react";

/** Inputs that take no letters: shortcuts go on beside a slider or a box to tick. */
const WORDLESS = new Set(["range", "checkbox", "radio"]);

/** Whether keys belong to a field, and are no shortcuts. */
export const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || /^(TEXTAREA|SELECT)$/.test(target.tagName) || (target instanceof HTMLInputElement && !WORDLESS.has(target.type)));

/** Plain keys as shortcuts, while nobody types and no dialog is open. The handler says whether a key was for it. */
export function useKeys(handler: (event: KeyboardEvent) => boolean, enabled = true): void {
  useEffect(() => {
    if (!enabled) return;
    const hear = (event: KeyboardEvent) => {
      if (event.metaKey || event.ctrlKey || event.altKey || isTyping(event.target)) return;
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
