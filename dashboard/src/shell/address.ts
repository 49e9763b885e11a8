/** What a page shows is in its address: reloaded, gone back to, or sent to somebody, it shows the same. */
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback, useEffect, useEffectEvent, useRef, useState } from "react";

/** What may be said in the address: one of a few, the first where nothing is said; or any text, which is "" then. */
type Said = Record<string, readonly string[] | "">;
type Shown<S extends Said> = { [K in keyof S]: S[K] extends readonly (infer Word)[] ? Word : string };

/** What these say, and nothing that the page does not know. Pure. */
export function readAddress<S extends Said>(said: S, search: Record<string, unknown>): Shown<S> {
  const read = Object.entries(said).map(([name, words]) => {
    const given = search[name];
    // The router reads `?q=7` as a number.
    const word = ["string", "number", "boolean"].includes(typeof given) ? String(given) : "";
    return [name, words === "" || words.includes(word) ? word : words[0]];
  });
  return Object.fromEntries(read) as Shown<S>;
}

/** What the address says, and how to say something else there. What goes without saying is left out of it. */
export function useAddress<S extends Said>(said: S): [Shown<S>, (change: Partial<Shown<S>>) => void] {
  const search: Record<string, unknown> = useSearch({ strict: false });
  const go = useNavigate();
  const shown = readAddress(said, search);
  const show = useCallback(
    (change: Partial<Shown<S>>) => {
      const worth = (name: string, word: unknown) => (word === (said[name] === "" ? "" : said[name]?.[0]) ? undefined : word);
      const changed = Object.fromEntries(Object.entries(change).map(([name, word]) => [name, worth(name, word)]));
      void go({ to: ".", search: (before: object) => ({ ...before, ...changed }), replace: true, resetScroll: false });
    },
    [go, said],
  );
  return [shown, show];
}

const TYPED_MS = 250;

/** What somebody types, told when they pause; and what is known, where it changes by other means than by typing. */
export function useTyped(known: string, tell: (text: string) => void): [string, (text: string) => void] {
  const [text, setText] = useState(known);
  const told = useRef(known);
  const say = useEffectEvent(tell);
  useEffect(() => {
    if (known === told.current) return;
    told.current = known;
    setText(known);
  }, [known]);
  useEffect(() => {
    const now = text.trim();
    if (now === told.current) return;
    const timer = setTimeout(() => {
      told.current = now;
      say(now);
    }, TYPED_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return [text, setText];
}
