import React from 'react';
import {Audio, Video} from '@remotion/media';
import {AbsoluteFill, Composition, Easing, Sequence, continueRender, delayRender, interpolate, registerRoot, staticFile, useCurrentFrame, useVideoConfig} from 'remotion';

const WORDS_PER_PAGE = 4;
const ease = {easing: Easing.inOut(Easing.cubic), extrapolateLeft: 'clamp', extrapolateRight: 'clamp'};

if (typeof window !== 'undefined' && 'FontFace' in window) {
  const handle = delayRender('font');
  new FontFace('Caption', `url(${staticFile('caption.ttf')})`).load().then((face) => {
    document.fonts.add(face);
    continueRender(handle);
  });
}

const Scene = ({cut, name, first, last}) => {
  const frame = useCurrentFrame();
  const {height} = useVideoConfig();
  const ends = cut.scene_frames - cut.overlap;
  const comes = first ? 0 : interpolate(frame, [0, cut.overlap], [height, 0], ease);
  const leaves = last ? 0 : interpolate(frame, [ends, cut.scene_frames], [0, -height], ease);
  return (
    <AbsoluteFill style={{transform: `translateY(${comes + leaves}px)`}}>
      <Video muted src={staticFile(name)} style={{width: '100%', height: '100%', objectFit: 'cover'}} />
    </AbsoluteFill>
  );
};

const Captions = ({cut}) => {
  const frame = useCurrentFrame();
  const {fps, width, height} = useVideoConfig();
  const now = (frame / fps) * 1000;
  const unit = width / 1080;
  const pages = [];
  for (let at = 0; at < cut.words.length; at += WORDS_PER_PAGE) pages.push(cut.words.slice(at, at + WORDS_PER_PAGE));
  const page = pages.find((words) => now >= words[0].start_ms && now < words[words.length - 1].end_ms);
  if (!page) return null;
  return (
    <div style={{position: 'absolute', left: 0, right: 0, top: (height * 1330) / 1920 - 57 * unit, display: 'flex', justifyContent: 'center', columnGap: 16 * unit, fontFamily: 'Caption', fontSize: 80 * unit}}>
      {page.map((word) => {
        const on = now >= word.start_ms && now < word.end_ms;
        return (
          <span key={word.start_ms} style={{color: on ? '#140f2e' : 'white', background: on ? '#ffd23f' : 'transparent', borderRadius: 26 * unit, padding: `0 ${17 * unit}px`, WebkitTextStroke: on ? undefined : `${6 * unit}px #0b0d2a`, paintOrder: 'stroke fill'}}>
            {word.text}
          </span>
        );
      })}
    </div>
  );
};

const Cut = ({cut}) => (
  <AbsoluteFill style={{background: '#0b0d2a'}}>
    {cut.clips.map((name, place) => (
      <Sequence key={name} from={place * (cut.scene_frames - cut.overlap)} durationInFrames={cut.scene_frames}>
        <Scene cut={cut} name={name} first={place === 0} last={place === cut.clips.length - 1} />
      </Sequence>
    ))}
    <Captions cut={cut} />
    <Audio src={staticFile(cut.voice)} />
    <Audio src={staticFile(cut.music)} volume={0.25} />
  </AbsoluteFill>
);

const lasts = ({cut}) => cut.clips.length * cut.scene_frames - (cut.clips.length - 1) * cut.overlap;

registerRoot(() => (
  <Composition
    id="Cut"
    component={Cut}
    durationInFrames={1}
    fps={30}
    width={1080}
    height={1920}
    defaultProps={{cut: {clips: [], words: [], scene_frames: 1, overlap: 0}}}
    calculateMetadata={({props}) => ({durationInFrames: Math.max(1, lasts(props)), fps: props.cut.fps, width: props.cut.width, height: props.cut.height})}
  />
));
