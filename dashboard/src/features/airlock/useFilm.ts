import { type RefObject, useCallback, useEffect, useState } from "react";
import { type Film, frameAt, secondsOf } from "./content";

export interface Playing {
  frame: number;
  playing: boolean;
  ready: boolean;
  seek: (frame: number) => void;
  step: (by: number) => void;
  toggle: () => void;
}

/** The film by frames: which one is shown, and going to another. The number is that of the picture, not of the clock. */
export function useFilm(video: RefObject<HTMLVideoElement | null>, film: Film): Playing {
  const [frame, setFrame] = useState(0);
  const [playing, setPlaying] = useState(false);
  const [ready, setReady] = useState(false);
  useEffect(() => {
    const player = video.current;
    if (!player) return;
    let asked = 0;
    let alive = true;
    const tell = (_now: number, shown: { mediaTime: number }) => {
      if (!alive) return;
      setFrame(frameAt(shown.mediaTime, film.fps, film.frames));
      asked = player.requestVideoFrameCallback(tell);
    };
    // Browsers without it say the time of the clock, which is right to a frame while the film stands.
    const clock = () => setFrame(frameAt(player.currentTime, film.fps, film.frames));
    const frames = "requestVideoFrameCallback" in player;
    if (frames) asked = player.requestVideoFrameCallback(tell);
    else (player as HTMLVideoElement).addEventListener("timeupdate", clock);
    const state = () => setPlaying(!player.paused);
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
  }, [video, film]);
  const seek = useCallback(
    (to: number) => {
      const player = video.current;
      if (!player) return;
      player.pause();
      const wanted = Math.max(0, Math.min(film.frames - 1, to));
      player.currentTime = secondsOf(wanted, film.fps);
      setFrame(wanted);
    },
    [video, film],
  );
  const step = useCallback((by: number) => seek(frame + by), [seek, frame]);
  const toggle = useCallback(() => {
    const player = video.current;
    if (player) void (player.paused ? player.play() : player.pause());
  }, [video]);
  return { frame, playing, ready, seek, step, toggle };
}
