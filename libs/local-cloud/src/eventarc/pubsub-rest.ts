import { TriggerError } from './trigger.js';

/** Eventarc's own defaults. Source: https://cloud.google.com/eventarc/docs/retry-events, read 2026-11-22. */
const MANAGED_SUBSCRIPTION = {
  ackDeadlineSeconds: 10,
  messageRetentionDuration: '86400s',
  retryPolicy: { minimumBackoff: '10s', maximumBackoff: '600s' },
};

/** The few calls to Pub/Sub that a trigger needs, over REST. */
export class PubsubRest {
  constructor(private readonly address: string) {}

  async createTopic(topic: string): Promise<void> {
    const response = await this.call('PUT', topic, {});
    if (!response.ok && response.status !== 409) throw await toError(response);
  }

  /** An existing subscription of that name, as persistence leaves it, is pointed to the new endpoint. */
  async createPushSubscription(subscription: string, topic: string, pushEndpoint: string): Promise<void> {
    const pushConfig = { pushEndpoint };
    const response = await this.call('PUT', subscription, { ...MANAGED_SUBSCRIPTION, topic, pushConfig });
    if (response.ok) return;
    if (response.status !== 409) throw await toError(response);
    const updated = await this.call('POST', `${subscription}:modifyPushConfig`, { pushConfig });
    if (!updated.ok) throw await toError(updated);
  }

  async deleteSubscription(subscription: string): Promise<void> {
    const response = await this.call('DELETE', subscription);
    if (!response.ok && response.status !== 404) throw await toError(response);
  }

  private async call(method: string, path: string, body?: object): Promise<Response> {
    try {
      return await fetch(`http://${this.address}/v1/${path}`, {
        method,
        ...(body === undefined
          ? {}
          : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      });
    } catch {
      throw new TriggerError(503, `Pub/Sub does not answer at ${this.address}.`);
    }
  }
}

async function toError(response: Response): Promise<TriggerError> {
  const answer = (await response.json()) as { error?: { message?: string } };
  return new TriggerError(
    response.status === 404 ? 404 : 400,
    answer.error?.message ?? `HTTP ${response.status}`,
  );
}
