import { Agent, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { cloudEventHeaders } from './cloud-event.js';
import type { Trigger } from './trigger.js';

/** A response that says 102 stands for success; as a final answer over HTTP/1 that is 200. */
const PROCESSING = 102;

/** Forwards pushes of the managed subscriptions to the destinations as CloudEvents. */
export class Relay {
  private readonly http = new Agent({ keepAlive: true });
  private readonly https = new HttpsAgent({ keepAlive: true });

  /**
   * @returns the destination's status, so that retry and dead letters stay in Pub/Sub; 503 when it does not answer,
   * 400 for a body that is no push.
   */
  forward(trigger: Trigger, body: Buffer, callerGone: AbortSignal): Promise<number> {
    const headers = cloudEventHeaders(trigger.topic, body.toString('utf8'));
    if (headers === undefined) return Promise.resolve(400);
    const isHttps = trigger.destinationUrl.startsWith('https:');
    return new Promise((resolve) => {
      const options = {
        method: 'POST',
        agent: isHttps ? this.https : this.http,
        headers: { ...headers, 'content-length': String(body.length) },
        signal: callerGone,
      };
      const request = (isHttps ? httpsRequest : httpRequest)(trigger.destinationUrl, options, (response) => {
        response.resume();
        response.on('error', () => undefined);
        resolve(response.statusCode ?? 503);
      });
      request.on('information', ({ statusCode }) => {
        if (statusCode === PROCESSING) resolve(200);
      });
      request.on('error', () => {
        resolve(503);
      });
      request.end(body);
    });
  }

  close(): void {
    this.http.destroy();
    this.https.destroy();
  }
}
