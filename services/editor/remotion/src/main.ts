// The process: the environment in, a server out. It ends with whoever holds its standard input, if told to.

import {existsSync, realpathSync} from 'node:fs';
import path from 'node:path';
import {fileURLToPath} from 'node:url';

import {type Callback, call} from './callback.js';
import type {Render} from './renders.js';
import {serve} from './server.js';

const {env} = process;

function wanted(name: string): string {
  const value = env[name];
  if (!value) throw new Error(`${name} is not set.`);
  return value;
}

async function main(): Promise<void> {
  const bundle = path.join(path.dirname(fileURLToPath(import.meta.url)), 'bundle');
  if (!existsSync(path.join(bundle, 'index.html'))) throw new Error('The film is not bundled: npm run build.');
  const secret = env['REMOTION_WEBHOOK_SECRET'];
  const callback: Callback | null = env['REMOTION_CALLBACK_URL'] && secret ? {url: env['REMOTION_CALLBACK_URL'], secret} : null;
  const {server, renders, url} = await serve({
    root: realpathSync(wanted('REMOTION_ROOT')),
    fonts: realpathSync(wanted('REMOTION_FONTS')),
    browser: wanted('REMOTION_BROWSER_EXECUTABLE'),
    token: wanted('REMOTION_TOKEN'),
    bundle,
    host: env['REMOTION_HOST'] ?? '127.0.0.1',
    port: Number(env['REMOTION_PORT'] ?? '0'),
    ...(env['REMOTION_STALLED_MS'] ? {stalledMs: Number(env['REMOTION_STALLED_MS'])} : {}),
    ended: (render) => {
      if (callback) void call(callback, told(render, `${url}/renders/${render.id}/content`), render.run_id);
    },
  });
  // Whoever started us reads this line to learn the port.
  console.log(JSON.stringify({url}));
  const stop = (): void => {
    server.close();
    void renders.close().finally(() => process.exit(0));
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  if (env['REMOTION_ATTENDED']) process.stdin.on('end', stop).on('error', stop).resume();
}

function told(render: Render, outputUrl: string) {
  if (render.state === 'done') {
    return {type: 'success' as const, renderId: render.id, outputUrl, timeToFinish: Math.round(render.seconds * 1000)};
  }
  const error = render.error ?? {code: 'refused', message: 'It ended without a reason.'};
  return {type: 'error' as const, renderId: render.id, errors: [{name: error.code, message: ascii(error.message)}]};
}

/** What is signed stays what is sent, whatever counts its characters on the way. */
function ascii(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?');
}

await main();
