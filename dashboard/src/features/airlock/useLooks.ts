import { useCallback, useState } from "react";
import type { Film } from "./content";
import type { Looked } from "./looking";
import type { Playing } from "./useFilm";

export interface Looks extends Looked {
  tick: (key: string) => void;
}

/** What this person has looked at since they came: each second of the film whose picture was shown, and what they ticked. */
export function useLooks(film?: Film, playing?: Playing): Looks {
  const [seconds, setSeconds] = useState<ReadonlySet<number>>(new Set());
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set());
  const second = film && playing?.ready ? Math.floor(playing.frame / film.fps) : null;
  if (second !== null && !seconds.has(second)) setSeconds(new Set(seconds).add(second));
  const tick = useCallback((key: string) => {
    setTicked((now) => {
      const next = new Set(now);
      if (!next.delete(key)) next.add(key);
      return next;
    });
  }, []);
  return { seconds, ticked, tick };
}
