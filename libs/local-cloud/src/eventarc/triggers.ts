import type { PubsubRest } from './pubsub-rest.js';
import { parseTrigger, TriggerError, type Trigger } from './trigger.js';

/** The triggers and their managed subscriptions. */
export class Triggers {
  private readonly byName = new Map<string, Trigger>();

  constructor(
    private readonly pubsub: PubsubRest,
    private readonly relayUrl: (triggerName: string) => string,
  ) {}

  /** @returns undefined for a trigger that does not exist. */
  find(name: string): Trigger | undefined {
    return this.byName.get(name);
  }

  get(name: string): Trigger {
    const trigger = this.byName.get(name);
    if (trigger === undefined) throw new TriggerError(404, `Resource '${name}' was not found`);
    return trigger;
  }

  list(parent: string): Trigger[] {
    return [...this.byName.values()].filter(({ name }) => name.startsWith(`${parent}/triggers/`));
  }

  /** `parent`: `projects/P/locations/L`; subscription `eventarc-L-T-sub-001` in the same project. */
  async create(parent: string, triggerId: string, body: unknown): Promise<Trigger> {
    const name = `${parent}/triggers/${triggerId}`;
    const { topic: givenTopic, destinationUrl } = parseTrigger(triggerId, body);
    if (this.byName.has(name)) throw new TriggerError(409, `Resource '${name}' already exists`);
    const [, project = '', , location = ''] = parent.split('/');
    const topic = givenTopic ?? `projects/${project}/topics/eventarc-${location}-${triggerId}-001`;
    const subscription = `projects/${project}/subscriptions/eventarc-${location}-${triggerId}-sub-001`;
    const trigger = { name, topic, subscription, destinationUrl, createTime: new Date().toISOString() };
    this.byName.set(name, trigger);
    try {
      if (givenTopic === null) await this.pubsub.createTopic(topic);
      await this.pubsub.createPushSubscription(subscription, topic, this.relayUrl(name));
    } catch (error) {
      this.byName.delete(name);
      throw error;
    }
    return trigger;
  }

  async delete(name: string): Promise<Trigger> {
    const trigger = this.get(name);
    await this.pubsub.deleteSubscription(trigger.subscription);
    this.byName.delete(name);
    return trigger;
  }
}
