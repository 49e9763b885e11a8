// What is written over the pictures: text on its baseline and panels, as the editor laid them out.

import type {ReactNode} from 'react';
import {useCurrentFrame, useVideoConfig} from 'remotion';

import type {Drawing, Entrance, Mark, PanelMark, TextMark} from '../drawing.js';

const SHADOW_OPACITY = 0.5;

/** The marks over the film, or those of its end card, which moves in with them. `since` is the frame we count from. */
export function Type({drawing, card, since}: {drawing: Drawing; card: boolean; since: number}): ReactNode {
  const frame = useCurrentFrame() + since;
  const {fps} = useVideoConfig();
  const marks = drawing.marks
    .filter((mark) => mark.card === card && frame >= mark.start && frame < mark.stop)
    .sort((one, other) => one.layer - other.layer);
  if (!marks.length) return null;
  return (
    <svg
      viewBox={`0 0 ${drawing.canvas[0]} ${drawing.canvas[1]}`}
      preserveAspectRatio="none"
      style={{position: 'absolute', inset: 0, width: '100%', height: '100%'}}
    >
      {marks.map((mark, place) => {
        const {opacity, rise, wide, high} = comeSoFar(mark.entrance, frame, mark, fps);
        const [x, y] = centreOf(mark);
        const transform = `translate(${x} ${y + rise}) scale(${wide} ${high}) translate(${-x} ${-y})`;
        return (
          <g key={place} opacity={opacity} transform={transform}>
            {mark.kind === 'panel' ? <Panel mark={mark} /> : <Text mark={mark} id={`halo-${place}`} />}
          </g>
        );
      })}
    </svg>
  );
}

export type Come = {opacity: number; rise: number; wide: number; high: number};

/** How far a mark has come on a frame: evenly, as the editor's own engine moves type. */
export function comeSoFar(
  entrance: Entrance,
  frame: number,
  shown: {start: number; stop: number},
  fps: number,
): Come {
  const since = ((frame - shown.start) * 1000) / fps;
  const left = ((shown.stop - frame) * 1000) / fps;
  const into = entrance.fade_in_ms ? Math.min(1, since / entrance.fade_in_ms) : 1;
  const out = entrance.fade_out_ms ? Math.min(1, left / entrance.fade_out_ms) : 1;
  const rise = entrance.rise * (1 - into);
  if (!entrance.pop) return {opacity: Math.min(into, out), rise, wide: 1, high: 1};
  const {wide, high, over} = entrance.pop;
  const scale = (from: number): number => {
    if (since < POP_MS) return from + ((over - from) * since) / POP_MS;
    return since < SETTLED_MS ? over + ((1 - over) * (since - POP_MS)) / (SETTLED_MS - POP_MS) : 1;
  };
  return {opacity: Math.min(into, out), rise, wide: scale(wide), high: scale(high)};
}

const POP_MS = 90;
const SETTLED_MS = 160;

function centreOf(mark: Mark): [number, number] {
  if (mark.kind === 'panel') return [mark.left + mark.width / 2, mark.top + mark.height / 2];
  return [mark.x, mark.baseline - mark.em * 0.36];
}

function Panel({mark}: {mark: PanelMark}): ReactNode {
  const radius = Math.min(mark.radius, mark.width / 2, mark.height / 2);
  return (
    <rect
      x={mark.left}
      y={mark.top}
      width={mark.width}
      height={mark.height}
      rx={radius}
      fill={mark.ink}
      fillOpacity={mark.opacity}
    />
  );
}

function Text({mark, id}: {mark: TextMark; id: string}): ReactNode {
  const {halo} = mark;
  const set = {
    x: mark.x,
    y: mark.baseline,
    fontFamily: `'${mark.family}'`,
    fontSize: mark.em,
    textAnchor: mark.anchor,
    ...(mark.right_to_left ? {direction: 'rtl', unicodeBidi: 'plaintext' as const} : {}),
    style: {fontKerning: 'normal' as const, whiteSpace: 'pre' as const},
  };
  // A line that reads from the right begins at its right end; its place is that of its left or middle.
  const anchored = mark.right_to_left && mark.anchor === 'start' ? {...set, textAnchor: 'end' as const} : set;
  if (halo) {
    return (
      <>
        <filter id={id} x="-20%" y="-60%" width="140%" height="220%">
          <feGaussianBlur stdDeviation={halo.blur} />
        </filter>
        <text
          {...anchored}
          fill={halo.ink}
          stroke={halo.ink}
          strokeWidth={2 * halo.reach}
          strokeLinejoin="round"
          opacity={halo.opacity}
          filter={`url(#${id})`}
        >
          {mark.text}
        </text>
      </>
    );
  }
  const outlined = {strokeWidth: 2 * mark.outline, strokeLinejoin: 'round' as const, paintOrder: 'stroke'};
  return (
    <>
      {mark.shadow > 0 ? (
        <text
          {...anchored}
          {...outlined}
          fill="#000"
          stroke="#000"
          opacity={SHADOW_OPACITY}
          transform={`translate(${mark.shadow} ${mark.shadow})`}
        >
          {mark.text}
        </text>
      ) : null}
      <text {...anchored} {...(mark.outline ? {...outlined, stroke: mark.outline_ink} : {})} fill={mark.ink}>
        {mark.text}
      </text>
    </>
  );
}
