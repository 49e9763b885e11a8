import assert from 'node:assert/strict';
import {createHmac} from 'node:crypto';
import {mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import {type AddressInfo} from 'node:net';
import {createServer} from 'node:http';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {after, test} from 'node:test';

import {call, signatureOf} from '../callback.js';
import {rangeOf} from '../files.js';
import {type Render, idOf} from '../renders.js';
import {serve} from '../server.js';

const folder = mkdtempSync(path.join(tmpdir(), 'greenlight-remotion-test-'));
const root = path.join(folder, 'root');
const fonts = path.join(folder, 'fonts');
for (const one of [root, fonts]) mkdirSync(one);
writeFileSync(path.join(folder, 'secret.mp4'), 'not yours');
writeFileSync(path.join(fonts, 'InterMedium.ttf'), 'letters');

// A browser that cannot be started: what these tests ask for is refused, found done, or fails at once.
const ended: Render[] = [];
const {server, renders, url} = await serve({
  root,
  fonts,
  bundle: folder,
  browser: path.join(folder, 'no-browser'),
  token: 'shared',
  host: '127.0.0.1',
  port: 0,
  ended: (render) => ended.push(render),
});
after(async () => {
  server.close();
  await renders.close();
  rmSync(folder, {recursive: true});
});

const drawing = {
  version: 1, width: 270, height: 480, fps: 30, frames: 60, canvas: [1080, 1920], language: 'en', fonts: [],
  pictures: [{file: 'clip.mp4'}], moves: [], ground: null, logos: [], marks: [],
};

function ask(method: string, where: string, body?: unknown, token = 'shared'): Promise<Response> {
  return fetch(`${url}${where}`, {
    method,
    headers: {authorization: `Bearer ${token}`},
    ...(body === undefined ? {} : {body: JSON.stringify(body)}),
  });
}

function room(key: string): string {
  const one = path.join(root, idOf(key));
  mkdirSync(one, {recursive: true});
  return one;
}

test('nothing is said to who does not know the token', async () => {
  assert.equal((await ask('POST', '/renders', {}, 'guessed')).status, 401);
  assert.equal((await ask('GET', `/renders/${idOf('x')}`, undefined, '')).status, 401);
  assert.equal((await fetch(`${url}/files/guessed/fonts/InterMedium.ttf`)).status, 404);
  assert.equal((await fetch(`${url}/health`)).status, 200);
});

test('files outside of the render\'s own folder are refused, also behind a link', async () => {
  const order = {key: 'thief', run_id: 'abc', drawing};
  symlinkSync(path.join(folder, 'secret.mp4'), path.join(room('thief'), 'clip.mp4'));
  for (const file of ['clip.mp4', '../secret.mp4', '/etc/passwd', '', '.', 'none.mp4']) {
    const answer = await ask('POST', '/renders', {...order, drawing: {...drawing, pictures: [{file}]}});
    assert.equal(answer.status, 422, file);
  }
  assert.equal((await ask('GET', `/renders/${idOf('thief')}`)).status, 404);
});

test('orders that are none are refused', async () => {
  writeFileSync(path.join(room('odd'), 'clip.mp4'), 'film');
  const wrong = [
    {}, [], {key: 'odd'}, {key: 'o/d', run_id: 'a', drawing}, {key: 'odd', run_id: '../x', drawing},
    {key: 'odd', run_id: 'a', drawing: {...drawing, version: 2}},
    {key: 'odd', run_id: 'a', drawing: {...drawing, width: 1e9}},
    {key: 'odd', run_id: 'a', drawing: {...drawing, fonts: ['../../x']}},
    {key: 'odd', run_id: 'a', drawing: {...drawing, marks: null}},
  ];
  for (const body of wrong) assert.equal((await ask('POST', '/renders', body)).status, 422, JSON.stringify(body));
  assert.equal((await ask('PUT', '/renders', {})).status, 405);
});

test('what an earlier worker finished is there at once, and the same for a repeat, until it is forgotten', async () => {
  const where = room('done');
  writeFileSync(path.join(where, 'clip.mp4'), 'film');
  writeFileSync(path.join(where, 'picture.mp4'), '0123456789');
  const order = {key: 'done', run_id: 'abc', drawing};
  const [one, two] = await Promise.all([ask('POST', '/renders', order), ask('POST', '/renders', order)]);
  const render = (await one.json()) as Render;
  assert.deepEqual(await two.json(), render);
  assert.deepEqual([render.id, render.state, render.frames], [idOf('done'), 'done', 60]);
  const part = await fetch(`${url}/renders/${render.id}/content`, {
    headers: {authorization: 'Bearer shared', range: 'bytes=2-4'},
  });
  assert.deepEqual([part.status, await part.text(), part.headers.get('content-range')], [206, '234', 'bytes 2-4/10']);
  assert.equal((await ask('DELETE', `/renders/${render.id}`)).status, 204);
  assert.equal((await ask('GET', `/renders/${render.id}`)).status, 404);
});

test('a render that fails says why, and the same order begins it anew', async () => {
  writeFileSync(path.join(room('fails'), 'clip.mp4'), 'film');
  const order = {key: 'fails', run_id: 'abc', drawing};
  const first = (await (await ask('POST', '/renders', order)).json()) as Render;
  assert.ok(['queued', 'rendering'].includes(first.state));
  let now = first;
  while (now.state !== 'failed') now = (await (await ask('GET', `/renders/${first.id}`)).json()) as Render;
  assert.match(now.error?.message ?? '', /\S/);
  assert.equal((await ask('GET', `/renders/${first.id}/content`)).status, 409);
  assert.deepEqual(ended.map((render) => render.id), [first.id]);
  const again = (await (await ask('POST', '/renders', order)).json()) as Render;
  assert.ok(['queued', 'rendering'].includes(again.state));
});

test('ranges', () => {
  assert.deepEqual(rangeOf('bytes=0-', 10), {start: 0, end: 9});
  assert.deepEqual(rangeOf('bytes=-3', 10), {start: 7, end: 9});
  assert.deepEqual(rangeOf('bytes=4-99', 10), {start: 4, end: 9});
  assert.equal(rangeOf('bytes=10-', 10), undefined);
  assert.equal(rangeOf('items=1-2', 10), null);
});

test('a callback is signed like the vendor\'s, names its run, and is tried again', async () => {
  const vector = '{"type":"success","renderId":"r1","expectedBucketOwner":"1","bucketName":"b","customData":null}';
  assert.equal(
    signatureOf('sim-secret', vector),
    'sha512=bba68d504e16df720de0b02802036bf0ec685841da6dbf1079ede9c297f3c08fd428dc111027b8a52b9b7f92bc2c180eba7c5619de440a52e61094bd17789b35',
  );
  const heard: {url: string; signature: string; status: string; body: string}[] = [];
  const listener = createServer((request, response) => {
    let body = '';
    request.on('data', (part: Buffer) => (body += part.toString()));
    request.on('end', () => {
      heard.push({
        url: request.url ?? '', body,
        signature: String(request.headers['x-remotion-signature']),
        status: String(request.headers['x-remotion-status']),
      });
      response.writeHead(heard.length === 1 ? 503 : 200).end();
    });
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const {port} = listener.address() as AddressInfo;
  const told = {type: 'error' as const, renderId: 'r1', errors: [{name: 'browser', message: 'It crashed.'}]};
  assert.equal(await call({url: `http://127.0.0.1:${port}/v1/webhooks/remotion`, secret: 's'}, told, 'run-7'), true);
  listener.close();
  assert.equal(heard.length, 2);
  const [, last] = heard;
  assert.ok(last);
  assert.equal(last.url, '/v1/webhooks/remotion?run_id=run-7');
  assert.equal(last.status, 'error');
  assert.equal(last.signature, `sha512=${createHmac('sha512', 's').update(last.body).digest('hex')}`);
  assert.equal((JSON.parse(last.body) as {renderId: string}).renderId, 'r1');
});
