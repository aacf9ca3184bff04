import type { TableAddress, TableWriter } from '../../ports.js';
import type { Delivery } from '../backlog/backlog.js';
import { Consumer } from '../backlog/consumer.js';
import type { Subscription, Taker } from '../broker/subscription.js';
import { parseTableName } from '../resources/table-name.js';
import type { Dispatcher } from './dispatcher.js';
import { toTableRow } from './table-row.js';

/** One write to the table holds at most so much. */
const BATCH_LIMITS = { maxMessages: 500, maxBytes: 5_000_000 };

/** Messages gather for so long before they are written. */
const GATHER_MS = 10;

/**
 * Writes the messages of a BigQuery subscription to its table, in batches, one write at a time.
 *
 * A write that fails is tried again message by message, so that one bad message does not hold up the others;
 * what still fails is delivered again after the back-off, and becomes a dead letter where the policy says so.
 */
export class TableDispatcher implements Dispatcher, Taker {
  private readonly consumer = new Consumer();
  private readonly table: TableAddress;
  private isWriting = false;
  private isStopped = false;

  constructor(
    private readonly subscription: Subscription,
    private readonly writer: TableWriter,
  ) {
    this.table = parseTableName(subscription.resource.bigqueryConfig?.table ?? '');
    subscription.addTaker(this);
  }

  offer(): void {
    if (this.isWriting || this.isStopped) return;
    this.isWriting = true;
    setTimeout(() => {
      void this.drain().finally(() => {
        this.isWriting = false;
        if (this.subscription.hasReady) this.offer();
      });
    }, GATHER_MS);
  }

  end(): void {
    this.stop();
  }

  stop(): void {
    this.isStopped = true;
    this.subscription.removeTaker(this);
  }

  private async drain(): Promise<void> {
    while (!this.isStopped) {
      const deliveries = this.subscription.take(this.consumer, { ...BATCH_LIMITS, leaseMs: 600_000 });
      if (deliveries.length === 0) return;
      await this.write(deliveries);
    }
  }

  private async write(deliveries: readonly Delivery[]): Promise<void> {
    if (await this.tryWrite(deliveries)) {
      this.subscription.acknowledge(deliveries.map(({ ackId }) => ackId));
      return;
    }
    for (const delivery of deliveries) {
      if (deliveries.length > 1 && (await this.tryWrite([delivery])))
        this.subscription.acknowledge([delivery.ackId]);
      else this.subscription.modifyDeadline([delivery.ackId], 0);
    }
  }

  private async tryWrite(deliveries: readonly Delivery[]): Promise<boolean> {
    try {
      const described = await this.writer.describeTable(this.table);
      if (described.kind === 'missing') return false;
      const columns = new Map(
        described.columns.map(({ name, type }) => [name.toLowerCase(), type.toUpperCase()]),
      );
      const { name, bigqueryConfig } = this.subscription.resource;
      const writeMetadata = bigqueryConfig?.writeMetadata ?? false;
      const rows = deliveries.map((delivery) => toTableRow(delivery, name, columns, writeMetadata));
      return (await this.writer.writeRows(this.table, rows)).kind === 'written';
    } catch {
      // Whatever went wrong, the messages are still here and are delivered again.
      return false;
    }
  }
}
