// The composition: one film as large and as long as its drawing says. Bundled once; the drawing comes as input.

import {type ReactNode, useEffect, useState} from 'react';
import {AbsoluteFill, Composition, cancelRender, continueRender, delayRender, registerRoot} from 'remotion';

import type {Drawing, FilmProps} from '../drawing.js';
import {Logos, Pictures} from './pictures.js';
import {Type} from './type.js';

/** The editor's own faces, so that type is as wide as it was measured. None is drawn before all are there. */
function useFonts(drawing: Drawing, fonts: string): boolean {
  const [handle] = useState(() => delayRender('the typefaces'));
  const [ready, setReady] = useState(false);
  useEffect(() => {
    const faces = drawing.fonts.map((family) => {
      const file = `${family.replaceAll(' ', '')}.ttf`;
      return new FontFace(family, `url(${JSON.stringify(`${fonts}/${file}`)})`).load();
    });
    Promise.all(faces)
      .then((loaded) => {
        for (const face of loaded) document.fonts.add(face);
        setReady(true);
        continueRender(handle);
      })
      .catch((error: unknown) => cancelRender(new Error(`A typeface could not be read: ${String(error)}`)));
  }, [drawing.fonts, fonts, handle]);
  return ready;
}

function Film(props: FilmProps): ReactNode {
  if (!useFonts(props.drawing, props.fonts)) return null;
  return (
    <AbsoluteFill lang={props.drawing.language} style={{background: '#000'}}>
      <Pictures {...props} />
      <Logos {...props} />
      <Type drawing={props.drawing} card={false} since={0} />
    </AbsoluteFill>
  );
}

const NOTHING: FilmProps = {
  drawing: {
    version: 1,
    width: 2,
    height: 2,
    fps: 30,
    frames: 1,
    canvas: [2, 2],
    language: '',
    fonts: [],
    pictures: [],
    moves: [],
    ground: null,
    logos: [],
    marks: [],
  },
  files: '',
  fonts: '',
};

registerRoot(() => (
  <Composition
    id="Film"
    component={Film}
    durationInFrames={1}
    fps={30}
    width={2}
    height={2}
    defaultProps={NOTHING}
    calculateMetadata={({props: {drawing}}) => ({
      durationInFrames: drawing.frames,
      fps: drawing.fps,
      width: drawing.width,
      height: drawing.height,
    })}
  />
));
