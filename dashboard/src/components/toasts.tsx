import { useSyncExternalStore } from "react";
import { Refused } from "@/api/client";
import type { Tone } from "@/status/tone";
import { Button } from "./Button";

interface Toast {
  id: number;
  text: string;
  tone: Tone;
  undo?: () => void;
}

const LASTS_MS = 6000;
const watchers = new Set<() => void>();
let toasts: Toast[] = [];
let next = 0;

function change(now: Toast[]): void {
  toasts = now;
  for (const one of watchers) one();
}

const drop = (id: number) => change(toasts.filter((one) => one.id !== id));

/** Say in a corner that something is done; with `undo` it can be taken back for a moment. */
export function say(text: string, tone: Tone = "go", undo?: () => void): void {
  const id = next++;
  change([...toasts.slice(-2), { id, text, tone, undo }]);
  setTimeout(() => drop(id), LASTS_MS);
}

export const complain = (error: unknown): void => {
  const next = error instanceof Refused && error.next ? ` ${error.next}` : "";
  say(error instanceof Error ? error.message + next : "That did not work.", "stop");
};

export function Toasts() {
  const shown = useSyncExternalStore(
    (changed) => {
      watchers.add(changed);
      return () => watchers.delete(changed);
    },
    () => toasts,
  );
  return (
    <div className="toasts" role="status" aria-live="polite">
      {shown.map((one) => (
        <div key={one.id} className={`toast ${one.tone}-tone`}>
          <span>{one.text}</span>
          {one.undo && (
            <Button
              size="small"
              onClick={() => {
                one.undo?.();
                drop(one.id);
              }}
            >
              Undo
            </Button>
          )}
        </div>
      ))}
    </div>
  );
}
