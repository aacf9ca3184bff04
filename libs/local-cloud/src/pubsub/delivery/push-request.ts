import { Agent as HttpAgent, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';

/** A push endpoint's answer; `failed` when none came in time. */
export type PushResult =
  | { readonly kind: 'answered'; readonly status: number }
  | { readonly kind: 'failed'; readonly reason: string };

/** Statuses that acknowledge. Source: https://cloud.google.com/pubsub/docs/push#receive_push, read 2026-11-22. */
const SUCCESS = new Set([102, 200, 201, 202, 204]);

export function isAcknowledged(result: PushResult): boolean {
  return result.kind === 'answered' && SUCCESS.has(result.status);
}

/** Sends push requests over kept-alive connections. */
export class PushClient {
  private readonly http = new HttpAgent({ keepAlive: true, maxFreeSockets: 256 });
  private readonly https = new HttpsAgent({ keepAlive: true, maxFreeSockets: 256 });

  /** POST once; never rejects. `giveUp` ends the wait for the status line. */
  async post(
    url: string,
    headers: Readonly<Record<string, string>>,
    body: Uint8Array,
    giveUp: AbortSignal,
  ): Promise<PushResult> {
    const first = await this.attempt(url, headers, body, giveUp);
    // The other side closed an idle connection just as it was used again. Delivery is at least once, so send again.
    return first === 'stale' ? this.attempt(url, headers, body, giveUp).then(toFailure) : first;
  }

  close(): void {
    this.http.destroy();
    this.https.destroy();
  }

  private attempt(
    url: string,
    headers: Readonly<Record<string, string>>,
    body: Uint8Array,
    giveUp: AbortSignal,
  ): Promise<PushResult | 'stale'> {
    const isHttps = url.startsWith('https:');
    return new Promise((resolve) => {
      const options = {
        method: 'POST',
        agent: isHttps ? this.https : this.http,
        headers: { ...headers, 'content-length': String(body.length) },
        signal: giveUp,
      };
      const request = (isHttps ? httpsRequest : httpRequest)(url, options, (response) => {
        response.resume();
        response.on('error', () => undefined);
        resolve({ kind: 'answered', status: response.statusCode ?? 0 });
      });
      request.on('information', ({ statusCode }) => {
        if (statusCode === 102) resolve({ kind: 'answered', status: 102 });
      });
      request.on('error', (error: NodeJS.ErrnoException) => {
        const isStale = request.reusedSocket && error.code === 'ECONNRESET' && !giveUp.aborted;
        resolve(isStale ? 'stale' : { kind: 'failed', reason: error.message });
      });
      request.end(body);
    });
  }
}

function toFailure(result: PushResult | 'stale'): PushResult {
  return result === 'stale' ? { kind: 'failed', reason: 'The connection was reset.' } : result;
}
