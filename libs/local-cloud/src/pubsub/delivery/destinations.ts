import type { ObjectWriter, TableWriter } from '../../ports.js';
import type { SubscriptionWatcher } from '../broker/broker.js';
import type { Subscription } from '../broker/subscription.js';
import type { SubscriptionResource } from '../resources/resources.js';
import { parseTableName } from '../resources/table-name.js';
import { PubsubError, unimplemented } from '../wire/status.js';
import type { Dispatcher } from './dispatcher.js';
import { ObjectDispatcher } from './object-dispatcher.js';
import type { OidcSigner } from './oidc-signer.js';
import { PushDispatcher } from './push-dispatcher.js';
import { PushClient } from './push-request.js';
import { TableDispatcher } from './table-dispatcher.js';

/** Destinations of messages. Undefined: subscriptions that need it are refused. */
export interface DestinationPorts {
  readonly tables: TableWriter | undefined;
  readonly objects: ObjectWriter | undefined;
  /** Milliseconds that a message waits for its file at most, whatever its subscription says. */
  readonly maxFileDelayMs?: number | undefined;
  readonly signer: () => OidcSigner;
}

/** Keeps a dispatcher running for every subscription that has a destination. */
export class Destinations implements SubscriptionWatcher {
  private readonly pushClient = new PushClient();
  private readonly dispatchers = new Map<Subscription, Dispatcher>();

  constructor(private readonly ports: DestinationPorts) {}

  check(resource: SubscriptionResource): void {
    if (resource.bigqueryConfig !== undefined) this.checkTable(resource.bigqueryConfig.table ?? '');
    if (resource.cloudStorageConfig !== undefined && this.ports.objects === undefined) {
      throw unimplemented(
        'Cloud Storage subscriptions need the embedded Cloud Storage, which is not running here.',
      );
    }
  }

  private checkTable(name: string): void {
    const { tables } = this.ports;
    if (tables === undefined)
      throw unimplemented('BigQuery subscriptions need the embedded BigQuery, which is not running here.');
    if (!tables.hasTable(parseTableName(name)))
      throw new PubsubError('NOT_FOUND', `The BigQuery table ${name} does not exist.`);
  }

  attached(subscription: Subscription): void {
    const dispatcher = this.dispatcherFor(subscription);
    if (dispatcher !== undefined) this.dispatchers.set(subscription, dispatcher);
  }

  detached(subscription: Subscription): void {
    this.dispatchers.get(subscription)?.stop();
    this.dispatchers.delete(subscription);
  }

  stop(): void {
    for (const dispatcher of this.dispatchers.values()) dispatcher.stop();
    this.pushClient.close();
  }

  private dispatcherFor(subscription: Subscription): Dispatcher | undefined {
    const { pushConfig, bigqueryConfig, cloudStorageConfig, detached } = subscription.resource;
    const { tables, objects, signer, maxFileDelayMs } = this.ports;
    if (detached === true) return undefined;
    if (bigqueryConfig !== undefined) {
      return tables === undefined ? undefined : new TableDispatcher(subscription, tables);
    }
    if (cloudStorageConfig !== undefined) {
      return objects === undefined ? undefined : new ObjectDispatcher(subscription, objects, maxFileDelayMs);
    }
    if ((pushConfig?.pushEndpoint ?? '') === '') return undefined;
    return new PushDispatcher(subscription, this.pushClient, signer);
  }
}
