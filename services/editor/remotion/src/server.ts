// The render API. Every request but the browser's own carries the shared token; nobody outside of this machine, or of
// the network it is put into, is listened to.

import {createHash, randomBytes, timingSafeEqual} from 'node:crypto';
import {type IncomingMessage, type Server, type ServerResponse, createServer} from 'node:http';
import type {AddressInfo} from 'node:net';

import {Refused} from './drawing.js';
import {sendFile} from './files.js';
import {fileIn} from './folders.js';
import {type Render, Renders, type Room} from './renders.js';

const BODY_LIMIT = 16 << 20;

export type House = Omit<Room, 'addressOf'> & {token: string; fonts: string; host: string; port: number};

export async function serve(house: House): Promise<{server: Server; renders: Renders; url: string}> {
  // The browser cannot be told a header for each file it reads; it is told an address that nobody can guess.
  const secret = randomBytes(16).toString('hex');
  let inside = '';
  const renders = new Renders({
    ...house,
    addressOf: (id) => ({files: `${inside}/files/${secret}/${id}`, fonts: `${inside}/files/${secret}/fonts`}),
  });
  const server = createServer((request, response) => {
    answer(request, response, {house, renders, secret}).catch((error: unknown) => {
      if (response.headersSent) {
        response.destroy();
        return;
      }
      if (error instanceof Refused) say(response, 422, {error: 'refused', detail: error.message});
      else say(response, 500, {error: 'internal_error', detail: 'The log has the details.'});
      if (!(error instanceof Refused)) console.error(error);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(house.port, house.host, resolve);
  });
  const {port} = server.address() as AddressInfo;
  inside = `http://127.0.0.1:${port}`;
  return {server, renders, url: `http://${house.host}:${port}`};
}

type Inside = {house: House; renders: Renders; secret: string};

async function answer(request: IncomingMessage, response: ServerResponse, inside: Inside): Promise<void> {
  const {house, renders, secret} = inside;
  const parts = new URL(request.url ?? '/', 'http://worker').pathname.split('/').slice(1);
  const method = request.method ?? 'GET';
  if (parts[0] === 'files' && parts.length === 4 && (method === 'GET' || method === 'HEAD')) {
    if (!same(parts[1] ?? '', secret)) return say(response, 404, {error: 'not_found'});
    const [, , where = '', name = ''] = parts.map(decodeURIComponent);
    return sendFile(where === 'fonts' ? fileIn(house.fonts, name) : renders.asset(where, name), request, response);
  }
  if (parts[0] === 'health' && method === 'GET') return say(response, 200, {status: 'ok'});
  if (!same(bearerOf(request), house.token)) return say(response, 401, {error: 'unauthenticated'});
  if (parts[0] !== 'renders' || parts.length > 3) return say(response, 404, {error: 'not_found'});
  const [, id, what] = parts;
  if (id === undefined) {
    if (method !== 'POST') return say(response, 405, {error: 'method_not_allowed'});
    return say(response, 202, renders.take(await readBody(request)));
  }
  const render = renders.find(id);
  if (render === null) return say(response, 404, {error: 'not_found', detail: 'That render is not known here.'});
  return about(render, what, method, request, response, renders);
}

async function about(
  render: Render,
  what: string | undefined,
  method: string,
  request: IncomingMessage,
  response: ServerResponse,
  renders: Renders,
): Promise<void> {
  if (what === 'content' && method === 'GET') {
    if (render.state !== 'done') return say(response, 409, {error: 'not_done', detail: `It is ${render.state}.`});
    return sendFile(renders.content(render.id), request, response);
  }
  if (what !== undefined) return say(response, 404, {error: 'not_found'});
  if (method === 'GET') return say(response, 200, render);
  if (method !== 'DELETE') return say(response, 405, {error: 'method_not_allowed'});
  renders.forget(render.id);
  response.writeHead(204).end();
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request) {
    size += (part as Buffer).length;
    if (size > BODY_LIMIT) throw new Refused(`An order may have at most ${BODY_LIMIT} bytes.`);
    parts.push(part as Buffer);
  }
  try {
    return JSON.parse(Buffer.concat(parts).toString('utf8')) as unknown;
  } catch {
    throw new Refused('An order has to be JSON.');
  }
}

function bearerOf(request: IncomingMessage): string {
  return /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
}

/** Whether two secrets are the same, in a time that says nothing about where they differ. */
function same(given: string, wanted: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(wanted));
}

function say(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, {'content-type': 'application/json'}).end(JSON.stringify(body));
}
