import type { Delivery } from '../backlog/backlog.js';
import { Consumer } from '../backlog/consumer.js';
import type { Subscription, Taker } from '../broker/subscription.js';
import type { OidcSigner } from './oidc-signer.js';
import { pushBody } from './push-body.js';
import { isAcknowledged, type PushClient } from './push-request.js';
import { PushWindow } from './push-window.js';
import type { Dispatcher } from './dispatcher.js';

/** Pushes the messages of one subscription, one request each; the ack deadline is the request's time limit. */
export class PushDispatcher implements Dispatcher, Taker {
  private readonly window = new PushWindow();

  constructor(
    private readonly subscription: Subscription,
    private readonly client: PushClient,
    private readonly signer: () => OidcSigner,
  ) {
    subscription.addTaker(this);
  }

  offer(): void {
    while (this.window.room > 0) {
      const limits = { maxMessages: 1, maxBytes: Number.MAX_SAFE_INTEGER };
      const [delivery] = this.subscription.take(new Consumer(), limits);
      if (delivery === undefined) return;
      void this.push(delivery);
    }
  }

  end(): void {
    this.stop();
  }

  stop(): void {
    this.subscription.removeTaker(this);
  }

  private async push(delivery: Delivery): Promise<void> {
    this.window.began();
    const endpoint = this.subscription.resource.pushConfig?.pushEndpoint ?? '';
    const { headers, body } = pushBody(this.subscription, delivery);
    const signed = { ...headers, ...this.authorization(endpoint) };
    // Not AbortSignal.timeout: its timer would run to the deadline after every answer.
    const giveUp = new AbortController();
    const timer = setTimeout(() => {
      giveUp.abort();
    }, this.subscription.ackDeadlineMs).unref();
    const result = await this.client.post(endpoint, signed, body, giveUp.signal);
    clearTimeout(timer);
    const isSuccess = isAcknowledged(result);
    this.window.ended(isSuccess);
    if (isSuccess) this.subscription.acknowledge([delivery.ackId]);
    else this.subscription.modifyDeadline([delivery.ackId], 0);
    this.offer();
  }

  /** Without an audience the endpoint's URL is it. */
  private authorization(endpoint: string): Record<string, string> {
    const oidcToken = this.subscription.resource.pushConfig?.oidcToken;
    if (oidcToken === undefined) return {};
    const { serviceAccountEmail = '', audience = '' } = oidcToken;
    const token = this.signer().token(serviceAccountEmail, audience === '' ? endpoint : audience, Date.now());
    return { authorization: `Bearer ${token}` };
  }
}
