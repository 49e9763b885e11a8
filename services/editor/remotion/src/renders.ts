// Renders: one at a time, each watched. What is done lies in the render's folder; what is not is lost with the process,
// and ordered again by the editor under the same key.

import {createHash} from 'node:crypto';
import {existsSync, renameSync, rmSync} from 'node:fs';
import path from 'node:path';

import {type HeadlessBrowser, makeCancelSignal, openBrowser, renderMedia, selectComposition} from '@remotion/renderer';

import {type Drawing, type FilmProps, Refused, filesOf, readDrawing} from './drawing.js';
import {CONTENT, fileIn, folderOf} from './folders.js';

const STALLED_MS = 60_000;
const WATCH_MS = 1_000;
const KEY = /^[A-Za-z0-9._:-]{1,200}$/;
const RUN = /^[A-Fa-f0-9-]{1,64}$/;

export type State = 'queued' | 'rendering' | 'done' | 'failed';
export type Failure = {code: 'stalled' | 'browser' | 'refused'; message: string};
export type Render = {
  id: string;
  run_id: string;
  state: State;
  progress: number;
  frames: number;
  error: Failure | null;
  seconds: number;
};

export type Room = {
  root: string;
  bundle: string;
  browser: string;
  stalledMs?: number;
  /** Where the browser finds a render's files, and the typefaces. */
  addressOf: (id: string) => {files: string; fonts: string};
  ended: (render: Render) => void;
};

type Job = {render: Render; drawing: Drawing; cancel: () => void};

export class Renders {
  private readonly jobs = new Map<string, Job>();
  private chain: Promise<void> = Promise.resolve();
  private browser: HeadlessBrowser | null = null;

  constructor(private readonly room: Room) {}

  /** Take an order, once for a key: a repeat is answered with the render there is, and one that failed begins anew. */
  take(body: unknown): Render {
    const order = (typeof body === 'object' && body !== null ? body : {}) as {key?: unknown; run_id?: unknown; drawing?: unknown};
    if (typeof order.key !== 'string' || !KEY.test(order.key)) throw new Refused('An order has a key.');
    if (typeof order.run_id !== 'string' || !RUN.test(order.run_id)) throw new Refused('An order names its run.');
    const id = idOf(order.key);
    const known = this.jobs.get(id);
    if (known && known.render.state !== 'failed') return known.render;
    const drawing = readDrawing(order.drawing);
    const folder = folderOf(this.room.root, id);
    for (const name of filesOf(drawing)) fileIn(folder, name);
    const render: Render = {id, run_id: order.run_id, state: 'queued', progress: 0, frames: 0, error: null, seconds: 0};
    const job: Job = {render, drawing, cancel: () => undefined};
    this.jobs.set(id, job);
    if (existsSync(path.join(folder, CONTENT))) {
      // A worker before this one finished it: it appears under this name only when it is whole.
      Object.assign(render, {state: 'done', progress: 1, frames: drawing.frames});
      return render;
    }
    this.chain = this.chain.then(() => this.work(job));
    return render;
  }

  find(id: string): Render | null {
    return this.jobs.get(id)?.render ?? null;
  }

  content(id: string): string {
    return fileIn(folderOf(this.room.root, id), CONTENT);
  }

  /** The file of an order that the browser may read: one that its drawing names. */
  asset(id: string, name: string): string {
    const job = this.jobs.get(id);
    if (!job || !filesOf(job.drawing).includes(name)) throw new Refused('No render is drawn from that.');
    return fileIn(folderOf(this.room.root, id), name);
  }

  /** Stop it if it runs, and forget it and what came of it. What it was made of is the editor's. */
  forget(id: string): void {
    const job = this.jobs.get(id);
    this.jobs.delete(id);
    job?.cancel();
    rmSync(path.join(folderOf(this.room.root, id), CONTENT), {force: true});
  }

  async close(): Promise<void> {
    for (const job of this.jobs.values()) job.cancel();
    await this.dismiss();
  }

  private async work(job: Job): Promise<void> {
    const {render} = job;
    if (this.jobs.get(render.id) !== job) return;
    render.state = 'rendering';
    const began = performance.now();
    try {
      await this.draw(job);
      Object.assign(render, {state: 'done', progress: 1});
    } catch (error) {
      // After a crash Remotion tries again by itself and may then wait for ever: it gets no second chance here.
      await this.dismiss();
      Object.assign(render, {state: 'failed', error: failureOf(error)});
    }
    render.seconds = (performance.now() - began) / 1000;
    if (this.jobs.get(render.id) === job) this.room.ended(render);
  }

  private async draw(job: Job): Promise<void> {
    const {render, drawing} = job;
    const {cancelSignal, cancel} = makeCancelSignal();
    job.cancel = cancel;
    const inputProps: FilmProps = {drawing, ...this.room.addressOf(render.id)};
    const folder = folderOf(this.room.root, render.id);
    const unfinished = path.join(folder, 'unfinished.mp4');
    let moved = performance.now();
    let watch: NodeJS.Timeout | undefined;
    const stalled = new Promise<never>((_, reject) => {
      const patience = this.room.stalledMs ?? STALLED_MS;
      watch = setInterval(() => {
        if (performance.now() - moved > patience) reject(new Stalled(`No frame came for ${patience / 1000} s.`));
      }, WATCH_MS);
    });
    const rendered = async (): Promise<void> => {
      const options = {...common(this.room.browser), serveUrl: this.room.bundle, inputProps, puppeteerInstance: await this.open()};
      const composition = await selectComposition({id: 'Film', ...options});
      await renderMedia({
        ...options,
        composition,
        codec: 'h264',
        crf: 20,
        x264Preset: 'veryfast',
        colorSpace: 'bt709',
        imageFormat: 'jpeg',
        jpegQuality: 92,
        muted: true,
        concurrency: '100%',
        outputLocation: unfinished,
        cancelSignal,
        onProgress: ({renderedFrames, encodedFrames}) => {
          const frames = renderedFrames + encodedFrames;
          if (frames !== render.frames) moved = performance.now();
          render.frames = frames;
          render.progress = Math.min(0.99, frames / (2 * drawing.frames));
        },
      });
    };
    const rendering = rendered();
    // What is left behind by the watchdog may still fail; nobody waits for it then.
    rendering.catch(() => undefined);
    try {
      await Promise.race([rendering, stalled]);
    } catch (error) {
      cancel();
      throw error;
    } finally {
      clearInterval(watch);
    }
    renameSync(unfinished, path.join(folder, CONTENT));
    render.frames = drawing.frames;
  }

  private async open(): Promise<HeadlessBrowser> {
    this.browser ??= await openBrowser('chrome', common(this.room.browser));
    return this.browser;
  }

  private async dismiss(): Promise<void> {
    const browser = this.browser;
    this.browser = null;
    try {
      await browser?.close({silent: true});
    } catch {
      // It is gone, which is what was wanted.
    }
  }
}

/** Which render an order's key leads to: the same for every worker, so that an order that is repeated is known again. */
export function idOf(key: string): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 32);
}

class Stalled extends Error {}

function failureOf(error: unknown): Failure {
  const message = (error instanceof Error ? error.message : String(error)).slice(0, 800);
  if (error instanceof Stalled) return {code: 'stalled', message};
  const crashed = /Target closed|Session closed|ECONNREFUSED|socket hang up|Protocol error|crash|launch the browser/i.test(message);
  return {code: crashed ? 'browser' : 'refused', message};
}

function common(browserExecutable: string) {
  const chromeMode = browserExecutable.includes('headless-shell') ? ('headless-shell' as const) : ('chrome-for-testing' as const);
  return {
    browserExecutable,
    chromeMode,
    chromiumOptions: {gl: 'angle' as const, headless: true},
    logLevel: 'error' as const,
  };
}
