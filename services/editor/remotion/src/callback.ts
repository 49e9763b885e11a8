// What is called when a render ends: signed as Remotion Lambda signs, so that one verifier is enough for both.

import {createHmac} from 'node:crypto';

const ATTEMPTS = 3;
const PAUSE_MS = 500;
const PATIENCE_MS = 10_000;

export type Callback = {url: string; secret: string};
export type Told =
  | {type: 'success'; renderId: string; outputUrl: string; timeToFinish: number}
  | {type: 'error'; renderId: string; errors: {message: string; name: string}[]};

export function signatureOf(secret: string, body: string): string {
  return `sha512=${createHmac('sha512', secret).update(body).digest('hex')}`;
}

/** Call once, and twice more if nobody takes it. A webhook is a hint: the editor asks by itself, too. */
export async function call(callback: Callback, told: Told, runId: string): Promise<boolean> {
  const body = JSON.stringify({...told, bucketName: '', expectedBucketOwner: '', customData: {runId}});
  const url = new URL(callback.url);
  url.searchParams.set('run_id', runId);
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if (attempt) await new Promise((resolve) => setTimeout(resolve, PAUSE_MS * attempt));
    try {
      const answer = await fetch(url, {
        method: 'POST',
        body,
        redirect: 'error',
        signal: AbortSignal.timeout(PATIENCE_MS),
        headers: {
          'content-type': 'application/json',
          'x-remotion-mode': 'production',
          'x-remotion-status': told.type,
          'x-remotion-signature': signatureOf(callback.secret, body),
        },
      });
      if (answer.ok) return true;
      console.error(`callback answered ${answer.status}`);
    } catch (error) {
      console.error(`callback failed: ${String(error)}`);
    }
  }
  return false;
}
