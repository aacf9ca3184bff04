import type { ObjectWriter } from '../../ports.js';
import type { Delivery } from '../backlog/backlog.js';
import { Consumer } from '../backlog/consumer.js';
import type { Subscription, Taker } from '../broker/subscription.js';
import type { CloudStorageConfig } from '../resources/resources.js';
import { durationMs } from '../wire/times.js';
import type { Dispatcher } from './dispatcher.js';
import { objectBytes, objectName } from './object-file.js';

/** Files are put together in memory, so they end here whatever `max_bytes` says. */
const MAX_FILE_BYTES = 100_000_000;
const DEFAULT_MAX_DURATION = '300s';

/** A batch is leased for its time of gathering and this much for the writing, in milliseconds. */
const WRITE_LEASE_MS = 600_000;

/**
 * Gathers the messages of a Cloud Storage subscription into files.
 *
 * A file ends with `max_duration` since its first message (or `maxDelayMs`, where that is less), with `max_bytes` or with `max_messages`; its messages are
 * acknowledged when it is written, and delivered again when it could not be.
 */
export class ObjectDispatcher implements Dispatcher, Taker {
  private readonly consumer = new Consumer();
  private readonly config: CloudStorageConfig;
  private batch: Delivery[] = [];
  private batchBytes = 0;
  private timer: NodeJS.Timeout | undefined;
  private isStopped = false;

  constructor(
    private readonly subscription: Subscription,
    private readonly writer: ObjectWriter,
    private readonly maxDelayMs = Number.MAX_SAFE_INTEGER,
  ) {
    this.config = subscription.resource.cloudStorageConfig ?? {};
    subscription.addTaker(this);
  }

  offer(): void {
    const maxBytes = Math.min(MAX_FILE_BYTES, Number(this.config.maxBytes ?? MAX_FILE_BYTES));
    const maxMessages = Number(this.config.maxMessages ?? Number.MAX_SAFE_INTEGER);
    while (!this.isStopped) {
      const room = { maxMessages: maxMessages - this.batch.length, maxBytes: maxBytes - this.batchBytes };
      const leaseMs = this.maxDurationMs + WRITE_LEASE_MS;
      const taken = this.subscription.take(this.consumer, { ...room, leaseMs });
      if (taken.length === 0) return;
      this.gather(taken);
      if (this.batch.length >= maxMessages || this.batchBytes >= maxBytes || this.subscription.hasReady)
        this.finish();
    }
  }

  end(): void {
    this.stop();
  }

  /** Returns the gathered messages to the backlog; none is lost. */
  stop(): void {
    this.isStopped = true;
    clearTimeout(this.timer);
    this.subscription.removeTaker(this);
    const ackIds = this.batch.map(({ ackId }) => ackId);
    this.batch = [];
    this.subscription.modifyDeadline(ackIds, 0);
  }

  private get maxDurationMs(): number {
    return Math.min(durationMs(this.config.maxDuration ?? DEFAULT_MAX_DURATION), this.maxDelayMs);
  }

  private gather(taken: readonly Delivery[]): void {
    if (this.batch.length === 0) {
      this.timer = setTimeout(() => {
        this.finish();
      }, this.maxDurationMs);
      this.timer.unref();
    }
    this.batch.push(...taken);
    for (const { message } of taken) this.batchBytes += message.bytes;
  }

  private finish(): void {
    clearTimeout(this.timer);
    const batch = this.batch;
    this.batch = [];
    this.batchBytes = 0;
    if (batch.length > 0) void this.write(batch);
  }

  private async write(batch: readonly Delivery[]): Promise<void> {
    const ackIds = batch.map(({ ackId }) => ackId);
    if (await this.tryWrite(batch)) this.subscription.acknowledge(ackIds);
    else this.subscription.modifyDeadline(ackIds, 0);
  }

  private async tryWrite(batch: readonly Delivery[]): Promise<boolean> {
    try {
      const messages = batch.map(({ message }) => message);
      const { contentType, bytes } = await objectBytes(this.config, this.subscription.name, messages);
      const name = objectName(this.config, Date.now());
      const result = await this.writer.writeObject({
        bucket: this.config.bucket ?? '',
        name,
        contentType,
        bytes,
      });
      return result.kind === 'written';
    } catch {
      // Whatever went wrong, the messages are still here and are delivered again.
      return false;
    }
  }
}
