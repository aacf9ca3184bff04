import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { InMemoryEventPublisher } from '../publishing/in-memory-event-publisher.fake.js';
import type { OutgoingMessage } from '../publishing/event-publisher.port.js';
import { PublishError, type PublishErrorCode } from '../publishing/publish.errors.js';
import { EventStream } from './event-stream.js';

function* numbered(from: number, count: number): Generator<OutgoingMessage, void, undefined> {
  for (let index = from; index < from + count; index += 1) {
    yield { data: Buffer.from(String(index)), attributes: {} };
  }
}

function start(publisher: InMemoryEventPublisher, ratePerSecond = 20, durationSeconds = 2): EventStream {
  return new EventStream({
    ratePerSecond,
    durationSeconds,
    publisher,
    messages: numbered,
    nowMs: () => Date.now(),
  });
}

function failure(code: PublishErrorCode): PublishError {
  return new PublishError({ code, message: code, details: { project: 'p', topic: 't' } });
}

function texts(publisher: InMemoryEventPublisher): string[] {
  return publisher.messages.map(({ data }) => data.toString());
}

const UP_TO_40 = Array.from({ length: 40 }, (_, index) => String(index));

beforeEach(() => {
  jest.useFakeTimers({ now: 0 });
});

afterEach(() => {
  jest.useRealTimers();
});

describe('a stream', () => {
  it('publishes what the rate asks for, evenly, and finishes', async () => {
    const publisher = new InMemoryEventPublisher();
    const stream = start(publisher);

    await jest.advanceTimersByTimeAsync(1_000);
    const halfway = stream.status;
    await jest.advanceTimersByTimeAsync(1_200);

    expect(halfway).toEqual({ state: 'running', published: 20, behind: 0, failures: 0, lastFailure: null });
    expect(stream.status).toEqual({
      state: 'finished',
      published: 40,
      behind: 0,
      failures: 0,
      lastFailure: null,
    });
    expect(texts(publisher)).toEqual(UP_TO_40);
  });

  it('makes up for what Pub/Sub did not take', async () => {
    const publisher = new InMemoryEventPublisher();
    publisher.failOnce(failure('UNAVAILABLE'), 1);
    const stream = start(publisher);

    await jest.advanceTimersByTimeAsync(2_300);

    expect(stream.status).toMatchObject({ state: 'finished', published: 40, failures: 1 });
    expect(stream.status.lastFailure).toBe('UNAVAILABLE');
    expect(texts(publisher)).toEqual(UP_TO_40);
  });

  it('ends as failed when an operator is needed', async () => {
    const publisher = new InMemoryEventPublisher();
    publisher.failOnce(failure('TOPIC_NOT_FOUND'));
    const stream = start(publisher);

    await jest.advanceTimersByTimeAsync(300);

    expect(stream.status).toEqual({
      state: 'failed',
      published: 0,
      behind: 0,
      failures: 1,
      lastFailure: 'TOPIC_NOT_FOUND',
    });
  });

  it('publishes no more once stopped', async () => {
    const publisher = new InMemoryEventPublisher();
    const stream = start(publisher);
    await jest.advanceTimersByTimeAsync(500);

    await stream.stop();
    const published = publisher.messages.length;
    await jest.advanceTimersByTimeAsync(5_000);

    expect(stream.status.state).toBe('stopped');
    expect(publisher.messages).toHaveLength(published);
    expect(jest.getTimerCount()).toBe(0);
  });
});
