// The film's pictures: each scene's clip, fitted, moved over, and taken through the transitions at its ends.

import {Video} from '@remotion/media';
import type {CSSProperties, ReactNode} from 'react';
import {AbsoluteFill, Img, Sequence, useCurrentFrame, useVideoConfig} from 'remotion';

import type {Drawing, FilmProps, Ground, Logo, Picture, View} from '../drawing.js';
import {momentOf} from './moves.js';
import {Type} from './type.js';

export function Pictures({drawing, files}: FilmProps): ReactNode {
  const scenes = drawing.pictures.map((picture, place) => (
    <Scene key={place} drawing={drawing} place={place} start={picture.start} frames={picture.frames}>
      <Framed picture={picture} source={`${files}/${picture.file}`} />
      {place === drawing.pictures.length - 1 ? <Leaving drawing={drawing} files={files} since={picture.start} /> : null}
    </Scene>
  ));
  if (drawing.ground) {
    const place = drawing.pictures.length;
    scenes.push(
      <Scene key={place} drawing={drawing} place={place} start={drawing.ground.start} frames={drawing.ground.frames}>
        <Drifting ground={drawing.ground} />
        {drawing.logos.filter((logo) => logo.card).map((logo) => <Mark key={logo.file} logo={logo} files={files} />)}
        <Type drawing={drawing} card since={drawing.ground.start} />
      </Scene>,
    );
  }
  return (
    <>
      {scenes}
      {drawing.moves.map((move) => (
        <Sequence key={move.start} from={move.start} durationInFrames={move.frames} layout="none">
          <Edges move={move} />
        </Sequence>
      ))}
    </>
  );
}

/** A logo that stays where it is while scenes change under it, until an end card comes, which has its own. */
export function Logos({drawing, files}: FilmProps): ReactNode {
  const frame = useCurrentFrame();
  if (drawing.ground && frame >= drawing.ground.start) return null;
  return drawing.logos.filter((logo) => !logo.card).map((logo) => <Mark key={logo.file} logo={logo} files={files} />);
}

/** The same logo while the last scene gives way to the end card: it goes with the scene. */
function Leaving({drawing, files, since}: {drawing: Drawing; files: string; since: number}): ReactNode {
  const frame = useCurrentFrame() + since;
  if (!drawing.ground || frame < drawing.ground.start) return null;
  return drawing.logos.filter((logo) => !logo.card).map((logo) => <Mark key={logo.file} logo={logo} files={files} />);
}

function Scene(props: {
  drawing: Drawing;
  place: number;
  start: number;
  frames: number;
  children: ReactNode;
}): ReactNode {
  const {drawing, place, start, frames, children} = props;
  return (
    <Sequence from={start} durationInFrames={frames} layout="none">
      <Carried drawing={drawing} place={place} start={start}>
        {children}
      </Carried>
    </Sequence>
  );
}

/** A scene where the transition at its beginning or its end has it on this frame. */
function Carried(props: {drawing: Drawing; place: number; start: number; children: ReactNode}): ReactNode {
  const {drawing, place, start, children} = props;
  const frame = useCurrentFrame() + start;
  const {width, height} = useVideoConfig();
  const style: CSSProperties = {};
  for (const move of drawing.moves) {
    const n = frame - move.start;
    if (n < 0 || n >= move.frames || (move.place !== place && move.place + 1 !== place)) continue;
    const moment = momentOf(move.name, n, move.frames, {width, height}, move);
    const mine = move.place === place ? moment.leaving : moment.coming;
    if (!mine.shown) style.visibility = 'hidden';
    style.transform = `translate(${mine.x}px, ${mine.y}px) scale(${mine.scale})`;
    if (move.place !== place && moment.coming.circle !== null) style.clipPath = `circle(${moment.coming.circle}px)`;
  }
  return <AbsoluteFill style={{overflow: 'hidden', ...style}}>{children}</AbsoluteFill>;
}

function Edges({move}: {move: Drawing['moves'][number]}): ReactNode {
  const n = useCurrentFrame();
  const size = useVideoConfig();
  return momentOf(move.name, n, move.frames, size, move).edges.map((edge) => (
    <div
      key={edge.colour + edge.width}
      style={{
        position: 'absolute',
        left: edge.left,
        top: edge.top,
        width: edge.width,
        height: edge.height,
        background: edge.colour,
      }}
    />
  ));
}

/** How far out of focus the ground is, such that it looks as our own engine's does. */
const BLUR = 40;

/** A clip or a still, made to fill the film or shown whole over its own blur, and glided over. */
function Framed({picture, source}: {picture: Picture; source: string}): ReactNode {
  const {x, y} = picture.focus;
  const across: CSSProperties = {width: '100%', height: '100%', objectPosition: `${x * 100}% ${y * 100}%`};
  return (
    <Glide picture={picture}>
      {picture.fit === 'contain' ? (
        <>
          {/* A blur fades to nothing at its edges, so a larger copy lies below, where it shows through. */}
          <AbsoluteFill style={{overflow: 'hidden', filter: 'brightness(0.8) saturate(1.1)'}}>
            {[1.3, 1].map((scale) => (
              <AbsoluteFill key={scale} style={{filter: `blur(${BLUR}px)`, transform: `scale(${scale})`}}>
                <Shown picture={picture} source={source} fit="cover" style={across} />
              </AbsoluteFill>
            ))}
          </AbsoluteFill>
          <AbsoluteFill>
            <Shown picture={picture} source={source} fit="contain" style={{...across, objectPosition: 'center'}} />
          </AbsoluteFill>
        </>
      ) : (
        <Shown picture={picture} source={source} fit={picture.fit} style={across} />
      )}
    </Glide>
  );
}

function Shown(props: {
  picture: Picture;
  source: string;
  fit: Picture['fit'];
  style: CSSProperties;
}): ReactNode {
  const {picture, source, fit, style} = props;
  const {fps} = useVideoConfig();
  if (picture.still) return <Img src={source} style={{...style, objectFit: fit}} />;
  // The film's sound is mixed by the editor, also what of it is a clip's own.
  const trimBefore = Math.round((picture.trim_ms * fps) / 1000);
  return (
    <Video
      muted
      src={source}
      trimBefore={trimBefore}
      playbackRate={picture.speed}
      objectFit={fit}
      style={style}
      disallowFallbackToOffthreadVideo
    />
  );
}

/** The slow, eased move over a scene, from one view of it to another. */
function Glide({picture, children}: {picture: Picture; children: ReactNode}): ReactNode {
  const frame = useCurrentFrame();
  const {width, height} = useVideoConfig();
  if (!picture.motion) return <AbsoluteFill>{children}</AbsoluteFill>;
  const {zoom, left, top} = viewAt(picture.motion, frame, picture.frames);
  return (
    <AbsoluteFill
      style={{
        transformOrigin: '0 0',
        transform: `scale(${zoom}) translate(${-left * width}px, ${-top * height}px)`,
      }}
    >
      {children}
    </AbsoluteFill>
  );
}

/** Which part of a picture is seen: how near, and its corner as shares of width and height. It never looks over the edge. */
export function viewAt(
  motion: {start: View; end: View},
  frame: number,
  frames: number,
): {zoom: number; left: number; top: number} {
  const share = Math.min(1, frame / Math.max(1, frames - 1));
  const come = 0.5 - 0.5 * Math.cos(Math.PI * share);
  const between = (from: number, to: number): number => from + (to - from) * come;
  const zoom = between(motion.start.zoom, motion.end.zoom);
  const half = 0.5 / zoom;
  const centre = (of: 'x' | 'y'): number => {
    const at = between(inside(motion.start[of], motion.start.zoom), inside(motion.end[of], motion.end.zoom));
    return inside(at, zoom);
  };
  return {zoom, left: centre('x') - half, top: centre('y') - half};
}

function inside(at: number, zoom: number): number {
  const half = 0.5 / zoom;
  return Math.min(Math.max(at, half), 1 - half);
}

/** The film's colours, drifting. */
function Drifting({ground}: {ground: Ground}): ReactNode {
  const frame = useCurrentFrame();
  const {width, height, fps} = useVideoConfig();
  const along = (Math.atan2(width, -height) * 180) / Math.PI;
  const angle = along + (frame / fps) * 12;
  return <AbsoluteFill style={{background: `linear-gradient(${angle}deg, ${ground.colours.join(', ')})`, filter: 'brightness(0.75)'}} />;
}

function Mark({logo, files}: {logo: Logo; files: string}): ReactNode {
  const {width, height} = useVideoConfig();
  const unit = Math.min(width, height) / 1080;
  return (
    <Img
      src={`${files}/${logo.file}`}
      style={{
        position: 'absolute',
        left: logo.left * unit,
        top: logo.top * unit,
        width: logo.side * unit,
        height: logo.side * unit,
        objectFit: 'contain',
        objectPosition: `${logo.align_x * 100}% ${logo.align_y * 100}%`,
        opacity: logo.opacity,
      }}
    />
  );
}
