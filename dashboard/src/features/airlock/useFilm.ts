import { type RefObject, useCallback, useEffect, useRef, useState } from "react";
import { type Film, frameAt, secondsOf } from "./content";

const STALE_MS = 500;

export interface Playing {
  frame: number;
  playing: boolean;
  ready: boolean;
  seek: (frame: number) => void;
  step: (by: number) => void;
  toggle: () => void;
}

/** The film by frames: which one is shown, and going to another. The number is that of the picture, not of the clock. */
export function useFilm(videoRef: RefObject<HTMLVideoElement | null>, film: Film): Playing {
  const [frame, setFrame] = useState(0);
  const [playing, setPlaying] = useState(false);
  const [ready, setReady] = useState(false);
  // Where the last key went. Pictures of seeks before it are still told for a moment, and must not take it back.
  const wanted = useRef<{ frame: number; at: number } | null>(null);
  useEffect(() => {
    const player = videoRef.current;
    if (!player) return;
    let asked = 0;
    let alive = true;
    const tell = (_now: number, shown: { mediaTime: number }) => {
      if (!alive) return;
      const told = frameAt(shown.mediaTime, film.fps, film.frames);
      const going = wanted.current;
      if (!going || told === going.frame || (!player.seeking && performance.now() - going.at > STALE_MS)) {
        wanted.current = null;
        setFrame(told);
      }
      asked = player.requestVideoFrameCallback(tell);
    };
    // Browsers without it say the time of the clock, which is right to a frame while the film stands.
    const clock = () => setFrame(frameAt(player.currentTime, film.fps, film.frames));
    const frames = "requestVideoFrameCallback" in player;
    if (frames) asked = player.requestVideoFrameCallback(tell);
    else (player as HTMLVideoElement).addEventListener("timeupdate", clock);
    const state = () => {
      if (!player.paused) wanted.current = null;
      setPlaying(!player.paused);
    };
    const loaded = () => setReady(true);
    for (const name of ["play", "pause", "ended"]) player.addEventListener(name, state);
    player.addEventListener("loadeddata", loaded);
    if (player.readyState >= 2) loaded();
    return () => {
      alive = false;
      if (frames) player.cancelVideoFrameCallback(asked);
      player.removeEventListener("timeupdate", clock);
      for (const name of ["play", "pause", "ended"]) player.removeEventListener(name, state);
      player.removeEventListener("loadeddata", loaded);
    };
  }, [videoRef, film]);
  const seek = useCallback(
    (to: number) => {
      const player = videoRef.current;
      if (!player) return;
      player.pause();
      const goal = Math.max(0, Math.min(film.frames - 1, to));
      wanted.current = { frame: goal, at: performance.now() };
      player.currentTime = secondsOf(goal, film.fps);
      setFrame(goal);
    },
    [videoRef, film],
  );
  const step = useCallback((by: number) => seek((wanted.current?.frame ?? frame) + by), [seek, frame]);
  const toggle = useCallback(() => {
    const player = videoRef.current;
    if (player) void (player.paused ? player.play() : player.pause());
  }, [videoRef]);
  return { frame, playing, ready, seek, step, toggle };
}
