import type { TableAddress, TableWriter } from '../../ports.js';
import type { Delivery } from '../backlog/backlog.js';
import { Consumer } from '../backlog/consumer.js';
import type { Subscription, Taker } from '../broker/subscription.js';
import { parseTableName } from '../resources/table-name.js';
import type { Dispatcher } from './dispatcher.js';
import { toTableRow, type ColumnTypes } from './table-row.js';

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
    const columns = await this.columns();
    if (columns !== undefined && (await this.tryWrite(deliveries, columns))) {
      this.subscription.acknowledge(deliveries.map(({ ackId }) => ackId));
      return;
    }
    const mayWriteSome = columns !== undefined && deliveries.length > 1;
    for (const delivery of deliveries) {
      if (mayWriteSome && (await this.tryWrite([delivery], columns))) {
        this.subscription.acknowledge([delivery.ackId]);
      } else {
        this.subscription.modifyDeadline([delivery.ackId], 0);
      }
    }
  }

  /** Undefined while the table is missing or BigQuery does not answer. */
  private async columns(): Promise<ColumnTypes | undefined> {
    try {
      const described = await this.writer.describeTable(this.table);
      if (described.kind === 'missing') return undefined;
      return new Map(described.columns.map(({ name, type }) => [name.toLowerCase(), type.toUpperCase()]));
    } catch {
      // The messages stay and are tried again after the back-off.
      return undefined;
    }
  }

  private async tryWrite(deliveries: readonly Delivery[], columns: ColumnTypes): Promise<boolean> {
    const { name, bigqueryConfig } = this.subscription.resource;
    const writeMetadata = bigqueryConfig?.writeMetadata ?? false;
    const rows = deliveries.map((delivery) => toTableRow(delivery, name, columns, writeMetadata));
    try {
      return (await this.writer.writeRows(this.table, rows)).kind === 'written';
    } catch {
      // As above.
      return false;
    }
  }
}
