import { describe, expect, it, jest } from '@jest/globals';
import type { ObjectWriter } from '../../ports.js';
import { Broker } from '../broker/broker.js';
import type { Clock } from '../broker/clock.js';
import { noJournal } from '../journal/records.js';
import { ObjectDispatcher } from './object-dispatcher.js';

const TOPIC = 'projects/p/topics/events';
const SUBSCRIPTION = 'projects/p/subscriptions/files';

const clock: Clock = {
  nowMs: () => Date.now(),
  at(atMs, run) {
    const timer = setTimeout(run, Math.max(0, atMs - Date.now()));
    return () => {
      clearTimeout(timer);
    };
  },
};

/** A broker with a Cloud Storage subscription and the files that were written, as text. */
function setUp(
  config: object,
  isWritable: () => boolean = () => true,
  maxDelayMs?: number,
): { publish: (...texts: string[]) => void; files: string[]; dispatcher: ObjectDispatcher } {
  const broker = new Broker(clock, noJournal);
  const files: string[] = [];
  const writer: ObjectWriter = {
    writeObject({ bytes }) {
      if (!isWritable()) return Promise.resolve({ kind: 'failed', reason: 'no bucket' });
      files.push(Buffer.from(bytes).toString());
      return Promise.resolve({ kind: 'written' });
    },
  };
  broker.createTopic({ name: TOPIC });
  broker.createSubscription({
    name: SUBSCRIPTION,
    topic: TOPIC,
    cloudStorageConfig: { bucket: 'b', ...config },
    retryPolicy: { minimumBackoff: '1s', maximumBackoff: '1s' },
  });
  const dispatcher = new ObjectDispatcher(broker.subscription(SUBSCRIPTION), writer, maxDelayMs);
  return {
    publish: (...texts) => {
      const messages = texts.map((text) => ({ data: Buffer.from(text), attributes: {}, orderingKey: '' }));
      broker.publish(TOPIC, messages);
    },
    files,
    dispatcher,
  };
}

describe('ObjectDispatcher', () => {
  it('writes a file when the time since its first message is over', async () => {
    jest.useFakeTimers();
    const { publish, files, dispatcher } = setUp({ maxDuration: '60s' });

    publish('a');
    await jest.advanceTimersByTimeAsync(30_000);
    publish('b');
    await jest.advanceTimersByTimeAsync(29_000);
    expect(files).toEqual([]);
    await jest.advanceTimersByTimeAsync(2_000);

    expect(files).toEqual(['a\nb\n']);
    dispatcher.stop();
    jest.useRealTimers();
  });

  it('writes a file sooner if the emulator is configured so', async () => {
    jest.useFakeTimers();
    const { publish, files, dispatcher } = setUp({ maxDuration: '60s' }, () => true, 500);

    publish('a');
    await jest.advanceTimersByTimeAsync(501);

    expect(files).toEqual(['a\n']);
    dispatcher.stop();
    jest.useRealTimers();
  });

  it('writes a file when it has its messages, and keeps the rest for the next', async () => {
    jest.useFakeTimers();
    const { publish, files, dispatcher } = setUp({ maxMessages: '1000' });

    publish(...Array.from({ length: 1_000 }, () => 'x'));
    publish('rest');
    await jest.advanceTimersByTimeAsync(10);

    expect(files.map((file) => file.split('\n').length - 1)).toEqual([1_000]);
    await jest.advanceTimersByTimeAsync(300_000);
    expect(files[1]).toBe('rest\n');
    dispatcher.stop();
    jest.useRealTimers();
  });

  it('writes a file when it has its bytes', async () => {
    jest.useFakeTimers();
    const { publish, files, dispatcher } = setUp({ maxBytes: '1000' });

    publish('x'.repeat(600), 'y'.repeat(600));
    await jest.advanceTimersByTimeAsync(10);

    expect(files).toEqual([`${'x'.repeat(600)}\n`]);
    dispatcher.stop();
    jest.useRealTimers();
  });

  it('delivers the messages again when the file could not be written', async () => {
    jest.useFakeTimers();
    let isWritable = false;
    const { publish, files, dispatcher } = setUp({ maxDuration: '60s' }, () => isWritable);

    publish('kept');
    await jest.advanceTimersByTimeAsync(60_500);
    expect(files).toEqual([]);
    isWritable = true;
    await jest.advanceTimersByTimeAsync(62_000);

    expect(files).toEqual(['kept\n']);
    dispatcher.stop();
    jest.useRealTimers();
  });
});
