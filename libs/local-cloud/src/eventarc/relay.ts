import { PushClient } from '../pubsub/delivery/push-request.js';
import { cloudEventHeaders } from './cloud-event.js';
import type { Trigger } from './trigger.js';

/** Status 102 means success; as a final answer over HTTP/1 that is 200. */
const PROCESSING = 102;

/** Forwards pushes of the managed subscriptions to the destinations as CloudEvents. */
export class Relay {
  private readonly client = new PushClient();

  /**
   * @returns the destination's status, so that retry and dead letters stay in Pub/Sub; 503 when it does not answer,
   * 400 for a body that is no push.
   */
  async forward(trigger: Trigger, body: Buffer, callerGone: AbortSignal): Promise<number> {
    const headers = cloudEventHeaders(trigger.topic, body.toString('utf8'));
    if (headers === undefined) return 400;
    const result = await this.client.post(trigger.destinationUrl, headers, body, callerGone);
    if (result.kind === 'failed') return 503;
    return result.status === PROCESSING ? 200 : result.status;
  }

  close(): void {
    this.client.close();
  }
}
