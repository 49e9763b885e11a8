import assert from 'node:assert/strict';
import {test} from 'node:test';

import {eased, momentOf} from '../film/moves.js';
import {viewAt} from '../film/pictures.js';
import {comeSoFar} from '../film/type.js';

const SIZE = {width: 1080, height: 1920};
const COLOURS = {panel: '#3b1d8f', edge: '#ffd23f'};
const FRAMES = 12;
const NAMES = ['push_up', 'push_left', 'cover_up', 'panel_left', 'panel_up', 'punch', 'iris'];

test('every move goes forward, and shows a picture on each of its frames', () => {
  for (const name of NAMES) {
    const seen = Array.from({length: FRAMES}, (_, n) => momentOf(name, n, FRAMES, SIZE, COLOURS));
    for (const moment of seen) assert.ok(moment.leaving.shown || moment.coming.shown, name);
    assert.equal(new Set(seen.map((moment) => JSON.stringify(moment))).size, FRAMES, `${name} stands still`);
  }
  assert.throws(() => momentOf('dissolve', 0, FRAMES, SIZE, COLOURS), /no transition "dissolve"/);
});

test('a push keeps the two scenes edge to edge', () => {
  for (let n = 0; n < FRAMES; n++) {
    const {leaving, coming} = momentOf('push_up', n, FRAMES, SIZE, COLOURS);
    assert.ok(Math.abs(coming.y - leaving.y - SIZE.height) < 1e-9);
  }
  assert.equal(eased(0.5), 0.5);
});

test('a panel hides the change behind it, and a punch changes in the middle', () => {
  for (const name of ['panel_left', 'panel_up', 'punch']) {
    const changed = Array.from({length: FRAMES}, (_, n) => momentOf(name, n, FRAMES, SIZE, COLOURS).coming.shown);
    assert.deepEqual(changed, [...Array<boolean>(6).fill(false), ...Array<boolean>(6).fill(true)], name);
  }
});

test('a view never looks over the edge of its picture', () => {
  const motion = {start: {x: 0, y: 0, zoom: 4}, end: {x: 1, y: 1, zoom: 1.1}};
  for (let frame = 0; frame < 60; frame++) {
    const {zoom, left, top} = viewAt(motion, frame, 60);
    for (const at of [left, top]) assert.ok(at >= -1e-9 && at + 1 / zoom <= 1 + 1e-9);
  }
});

test('a mark pops over its size and settles, and what rises has arrived when it has faded in', () => {
  const pop = {wide: 0.88, high: 0.84, over: 1.04};
  const entrance = {fade_in_ms: 0, fade_out_ms: 0, rise: 0, pop};
  const at = (frame: number) => comeSoFar(entrance, frame, {start: 10, stop: 40}, 100);
  assert.deepEqual(at(10), {opacity: 1, rise: 0, wide: 0.88, high: 0.84});
  assert.equal(at(19).wide, 1.04);
  assert.equal(at(26).high, 1);
  const rising = {fade_in_ms: 380, fade_out_ms: 220, rise: 36, pop: null};
  const come = (frame: number) => comeSoFar(rising, frame, {start: 0, stop: 100}, 100);
  assert.deepEqual([come(0).opacity, come(0).rise, come(38).opacity, come(38).rise], [0, 36, 1, 0]);
  assert.ok(come(99).opacity < 0.05);
});
