import { fileUrl } from "@/api/client";
import { Button } from "@/components/Button";
import { clock, plural } from "@/components/format";
import { type Film, frameToMs, type Mark } from "./content";
import { LoudnessCurve, LoudnessWords } from "./Loudness";
import { Part } from "./Part";
import type { Playing } from "./useFilm";
import type { Pointing } from "./usePointing";
import { Wave } from "./Wave";

interface Props {
  item: string;
  film: Film;
  marks: Mark[];
  /** How many notes each scene still has, by its index. */
  noted: ReadonlyMap<number, number>;
  video: React.RefObject<HTMLVideoElement | null>;
  playing: Playing;
  pointing: Pointing;
}

/** The film by frames, what is said about it on its track, and its scenes. */
export function Player({ item, film, marks, noted, video, playing, pointing }: Props) {
  const { frame } = playing;
  return (
    <div className="player">
      <div className="screen" style={{ aspectRatio: `${film.width} / ${film.height}` }}>
        <video ref={video} src={fileUrl(film.video)} poster={film.poster ? fileUrl(film.poster) : undefined} playsInline preload="auto" onClick={pointing.writing ? undefined : playing.toggle}>
          <track kind="captions" src={film.captions ? fileUrl(film.captions) : undefined} label="Captions" />
        </video>
        <Part pointing={pointing} />
      </div>
      <div className="transport">
        <Button size="small" onClick={() => playing.step(-1)} title="One frame back">Frame −1 <kbd>,</kbd></Button>
        <Button size="small" onClick={playing.toggle}>{playing.playing ? "Pause" : "Play"}</Button>
        <Button size="small" onClick={() => playing.step(1)} title="One frame on">Frame +1 <kbd>.</kbd></Button>
        <span className="num timecode" aria-live="off">
          {clock(frameToMs(frame, film.fps))} <span className="faint">frame {frame} of {film.frames}</span>
        </span>
      </div>
      <Track item={item} film={film} marks={marks} playing={playing} pointing={pointing} />
      <div className="under-track">
        <LoudnessWords item={item} film={film} frame={frame} />
        {pointing.open && <Range film={film} pointing={pointing} />}
      </div>
      {film.scenes.length > 0 && <Scenes film={film} noted={noted} playing={playing} />}
    </div>
  );
}

function Track({ item, film, marks, playing, pointing: { span } }: Pick<Props, "item" | "film" | "marks" | "playing" | "pointing">) {
  const { frame } = playing;
  const at = (one: number) => `${((one / film.frames) * 100).toFixed(3)}%`;
  const along = (first: number, last: number) => ({ left: at(first), width: at(last + 1 - first) });
  return (
    <div className="track">
      <Wave sha256={film.video} />
      <LoudnessCurve item={item} film={film} />
      {marks.map((mark, index) => mark.last > mark.frame && <i key={index} className={`stretch ${mark.kind}`} style={along(mark.frame, mark.last)} />)}
      {span && <i className="stretch chosen" style={along(span.first, span.last)} />}
      {marks.map((mark, index) => (
        <button key={index} type="button" className={`mark ${mark.kind}`} style={{ left: at(mark.frame) }} title={mark.says} aria-label={`${mark.kind} at ${clock(frameToMs(mark.frame, film.fps))}: ${mark.says}`} onClick={() => playing.seek(mark.frame)} />
      ))}
      <i className="playhead" style={{ left: at(frame) }} />
      <input type="range" min={0} max={film.frames - 1} value={frame} aria-label="Frame" aria-valuetext={`${clock(frameToMs(frame, film.fps))}, frame ${frame}`} onChange={(event) => playing.seek(Number(event.target.value))} />
    </div>
  );
}

function Range({ film, pointing: { span, begin, end, leave, writing } }: Pick<Props, "film" | "pointing">) {
  const say = (one: number) => clock(frameToMs(one, film.fps));
  return (
    <div className="range" role="group" aria-label="Range of the next note">
      <Button size="small" onClick={begin} title="The note begins at this frame">In <kbd>i</kbd></Button>
      <Button size="small" onClick={end} title="The note ends at this frame">Out <kbd>o</kbd></Button>
      <span className="visually-hidden" role="status">{span && (span.first === span.last ? say(span.first) : `${say(span.first)} – ${say(span.last)}`)}</span>
      {span && !writing && <Button size="small" tone="quiet" onClick={leave} aria-label="Take the range back">×</Button>}
    </div>
  );
}

function Scenes({ film, noted, playing: { frame, seek } }: Pick<Props, "film" | "noted" | "playing">) {
  return (
    <ol className="scenes" aria-label="Scenes">
      {film.scenes.map((scene) => {
        const notes = noted.get(scene.index) ?? 0;
        return (
          <li key={scene.index} style={{ flexGrow: scene.frames }} aria-current={frame >= scene.startFrame && frame < scene.startFrame + scene.frames ? "true" : undefined}>
            <button type="button" onClick={() => seek(scene.startFrame)} title={scene.sentence}>
              {scene.still && <img src={fileUrl(scene.still)} alt="" loading="lazy" />}
              <span className="num sm">{scene.index + 1}</span>
              {notes > 0 && <b className="num noted" aria-hidden>{notes}</b>}
              <span className="visually-hidden">{scene.sentence}{notes > 0 && `, ${plural(notes, "note")}`}</span>
            </button>
          </li>
        );
      })}
    </ol>
  );
}
