// Files over HTTP, whole or a range of them, for the browser that draws and for the editor that fetches.

import {createReadStream, statSync} from 'node:fs';
import type {IncomingMessage, ServerResponse} from 'node:http';
import path from 'node:path';
import {pipeline} from 'node:stream/promises';

const TYPES: Record<string, string> = {
  '.mp4': 'video/mp4',
  '.webm': 'video/webm',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.webp': 'image/webp',
  '.svg': 'image/svg+xml',
  '.ttf': 'font/ttf',
};

export type Range = {start: number; end: number};

/** The bytes that a `Range` header asks for, both ends included; null for all of them, undefined for none there are. */
export function rangeOf(header: string | undefined, size: number): Range | null | undefined {
  const found = /^bytes=(\d*)-(\d*)$/.exec(header ?? '');
  if (!found || (found[1] === '' && found[2] === '')) return null;
  const last = size - 1;
  const [from, to] = [found[1] ?? '', found[2] ?? ''];
  const range = from === '' ? {start: Math.max(0, size - Number(to)), end: last} : {start: Number(from), end: to === '' ? last : Math.min(last, Number(to))};
  return range.start > range.end ? undefined : range;
}

export async function sendFile(file: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const {size} = statSync(file);
  const range = rangeOf(request.headers.range, size);
  const headers = {
    'accept-ranges': 'bytes',
    // The page that draws comes from Remotion's own server on another port.
    'access-control-allow-origin': '*',
    'access-control-expose-headers': 'content-range, content-length, accept-ranges',
    'content-type': TYPES[path.extname(file).toLowerCase()] ?? 'application/octet-stream',
  };
  if (range === undefined) {
    response.writeHead(416, {...headers, 'content-range': `bytes */${size}`}).end();
    return;
  }
  const {start, end} = range ?? {start: 0, end: size - 1};
  const part = range ? {'content-range': `bytes ${start}-${end}/${size}`} : {};
  response.writeHead(range ? 206 : 200, {...headers, ...part, 'content-length': size ? end - start + 1 : 0});
  if (request.method === 'HEAD' || !size) {
    response.end();
    return;
  }
  await pipeline(createReadStream(file, {start, end}), response);
}
