import { useRef, useState } from "react";
import type { Airlock } from "@/api/client";
import { fileUrl } from "@/api/client";
import { Button } from "@/components/Button";
import { clock } from "@/components/format";
import { type Film, frameToMs, type Mark } from "./content";
import type { Playing } from "./useFilm";
import { Wave } from "./Wave";

type Region = Airlock["Region"];
interface Props {
  film: Film;
  marks: Mark[];
  video: React.RefObject<HTMLVideoElement | null>;
  playing: Playing;
  region: Region | null;
  /** Set while a note is written: a rectangle may be drawn on the picture. */
  draw?: (region: Region | null) => void;
}

const SMALLEST = 0.02;

export function Player({ film, marks, video, playing, region, draw }: Props) {
  const { frame } = playing;
  const at = (one: number) => `${((one / film.frames) * 100).toFixed(3)}%`;
  return (
    <div className="player">
      <div className="screen" style={{ aspectRatio: `${film.width} / ${film.height}` }}>
        <video ref={video} src={fileUrl(film.video)} poster={film.poster ? fileUrl(film.poster) : undefined} playsInline preload="auto" onClick={draw ? undefined : playing.toggle}>
          <track kind="captions" src={film.captions ? fileUrl(film.captions) : undefined} label="Captions" />
        </video>
        <Canvas region={region} draw={draw} />
      </div>
      <div className="transport">
        <Button size="small" onClick={() => playing.step(-1)} title="One frame back">Frame −1 <kbd>,</kbd></Button>
        <Button size="small" onClick={playing.toggle}>{playing.playing ? "Pause" : "Play"}</Button>
        <Button size="small" onClick={() => playing.step(1)} title="One frame on">Frame +1 <kbd>.</kbd></Button>
        <span className="num timecode" aria-live="off">
          {clock(frameToMs(frame, film.fps))} <span className="faint">frame {frame} of {film.frames}</span>
        </span>
      </div>
      <div className="track">
        <Wave sha256={film.video} />
        {marks.map((mark, index) => (
          <button key={index} type="button" className={`mark ${mark.kind}`} style={{ left: at(mark.frame) }} title={mark.says} aria-label={`${mark.kind} at ${clock(frameToMs(mark.frame, film.fps))}: ${mark.says}`} onClick={() => playing.seek(mark.frame)} />
        ))}
        <i className="playhead" style={{ left: at(frame) }} />
        <input type="range" min={0} max={film.frames - 1} value={frame} aria-label="Frame" aria-valuetext={`${clock(frameToMs(frame, film.fps))}, frame ${frame}`} onChange={(event) => playing.seek(Number(event.target.value))} />
      </div>
      {film.scenes.length > 0 && (
        <ol className="scenes" aria-label="Scenes">
          {film.scenes.map((scene) => (
            <li key={scene.index} style={{ flexGrow: scene.frames }} aria-current={frame >= scene.startFrame && frame < scene.startFrame + scene.frames ? "true" : undefined}>
              <button type="button" onClick={() => playing.seek(scene.startFrame)} title={scene.sentence}>
                {scene.still && <img src={fileUrl(scene.still)} alt="" loading="lazy" />}
                <span className="num sm">{scene.index + 1}</span>
                <span className="visually-hidden">{scene.sentence}</span>
              </button>
            </li>
          ))}
        </ol>
      )}
    </div>
  );
}

function Canvas({ region, draw }: { region: Region | null; draw?: (region: Region | null) => void }) {
  const area = useRef<HTMLDivElement>(null);
  const [from, setFrom] = useState<[number, number] | null>(null);
  const place = (event: React.PointerEvent): [number, number] => {
    const box = (area.current as HTMLDivElement).getBoundingClientRect();
    const share = (value: number) => Math.min(1, Math.max(0, value));
    return [share((event.clientX - box.left) / box.width), share((event.clientY - box.top) / box.height)];
  };
  const drawn = (event: React.PointerEvent): Region | null => {
    if (!from) return null;
    const [x, y] = place(event);
    const made = { x: Math.min(x, from[0]), y: Math.min(y, from[1]), width: Math.abs(x - from[0]), height: Math.abs(y - from[1]) };
    return made.width > SMALLEST && made.height > SMALLEST ? made : null;
  };
  if (!draw && !region) return null;
  return (
    <div
      ref={area}
      className={draw ? "canvas drawing" : "canvas"}
      onPointerDown={(event) => draw && (event.currentTarget.setPointerCapture(event.pointerId), setFrom(place(event)))}
      onPointerMove={(event) => draw && from && draw(drawn(event))}
      onPointerUp={(event) => draw && (draw(drawn(event)), setFrom(null))}
    >
      {region && <i style={{ left: `${region.x * 100}%`, top: `${region.y * 100}%`, width: `${region.width * 100}%`, height: `${region.height * 100}%` }} />}
    </div>
  );
}
