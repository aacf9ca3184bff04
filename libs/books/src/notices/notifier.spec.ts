import { describe, expect, it } from '@jest/globals';
import { CloudError, type OutgoingMessage, type Publisher } from '@pipeline/google-clients';
import { historyEntry, NOW } from './facts.builder.js';
import { historyFact } from './history-facts.js';
import { InMemoryOutbox } from './in-memory-outbox.fake.js';
import type { FactSource } from './notice-facts.port.js';
import { Notifier, type NoticeRun } from './notifier.js';

const MINUTE_MS = 60_000;

/** Keeps what Pub/Sub has stored, as ids of notices. `isDown`: refuses. */
class Topic implements Publisher {
  readonly ids: string[] = [];
  isDown = false;

  publish({ attributes }: OutgoingMessage): Promise<string> {
    if (this.isDown) return Promise.reject(new CloudError({ code: 'UNAVAILABLE', message: 'down' }));
    this.ids.push(attributes['ce-id'] ?? '');
    return Promise.resolve(`m${this.ids.length}`);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** A history that grows, an outbox and a topic that outlive every notifier. */
class World {
  readonly outbox = new InMemoryOutbox();
  readonly topic = new Topic();
  readonly #changes: string[] = [];
  readonly history: FactSource = {
    read: () => Promise.resolve(this.#changes.map((changeId) => historyFact(historyEntry({ changeId })))),
  };

  change(id: string): void {
    this.#changes.push(id);
  }

  /** One run of a process that has just started. */
  run(minute: number, sources: readonly FactSource[] = [this.history]): Promise<NoticeRun> {
    const notifier = new Notifier({
      outbox: this.outbox,
      sources,
      publisher: this.topic,
      source: { projectId: 'p', dataset: 'd' },
      pauseMs: 60 * MINUTE_MS,
    });
    const now = new Date(NOW.getTime() + minute * MINUTE_MS);
    return notifier.run({ now, publishedSince: now });
  }
}

function numbers({ published, waiting, failure }: NoticeRun): readonly unknown[] {
  return [published.map(({ data }) => data.count), waiting, failure?.code ?? null];
}

describe('a notifier', () => {
  it('publishes nothing while nothing happens', async () => {
    expect(numbers(await new World().run(0))).toEqual([[], 0, null]);
  });

  it('publishes each fact once, also after a restart', async () => {
    const world = new World();
    world.change('a');

    expect(numbers(await world.run(0))).toEqual([[1], 0, null]);
    expect(numbers(await world.run(1))).toEqual([[], 0, null]);
    expect(world.topic.ids).toHaveLength(1);
  });

  it('publishes at most one notice of a cause in an hour, and what happened meanwhile after it', async () => {
    const world = new World();
    world.change('a');
    await world.run(0);
    world.change('b');
    const within = await world.run(30);
    world.change('c');
    const after = await world.run(60);

    expect([numbers(within), numbers(after)]).toEqual([
      [[], 0, null],
      [[2], 0, null],
    ]);
  });

  it('publishes no notice that is not durable first', async () => {
    const world = new World();
    world.change('a');
    world.outbox.fails.add('record');
    const failed = await world.run(0);
    const published = [...world.topic.ids];
    world.outbox.fails.clear();

    expect([numbers(failed), published]).toEqual([[[], 0, 'UNEXPECTED'], []]);
    expect(numbers(await world.run(1))).toEqual([[1], 0, null]);
  });

  it('publishes the same notice again if it was killed before it could mark it, whatever happened meanwhile', async () => {
    const world = new World();
    world.change('a');
    world.outbox.fails.add('mark');
    await world.run(0);
    world.outbox.fails.clear();
    world.change('b');
    await world.run(1);
    await world.run(2);

    expect(world.topic.ids).toHaveLength(2);
    expect(new Set(world.topic.ids).size).toBe(1);
    expect(numbers(await world.run(60))).toEqual([[1], 0, null]);
  });

  it('keeps notices while Pub/Sub does not answer, and publishes them when it does', async () => {
    const world = new World();
    world.change('a');
    world.topic.isDown = true;
    const down = [await world.run(0), await world.run(30)];
    world.change('b');
    down.push(await world.run(61));
    world.topic.isDown = false;

    expect(down.map(numbers)).toEqual([
      [[], 1, 'UNAVAILABLE'],
      [[], 1, 'UNAVAILABLE'],
      [[], 2, 'UNAVAILABLE'],
    ]);
    expect(numbers(await world.run(62))).toEqual([[1, 1], 0, null]);
    expect(numbers(await world.run(63))).toEqual([[], 0, null]);
  });

  it('gives notices of two simultaneous runs the same id', async () => {
    const world = new World();
    world.change('a');
    await Promise.all([world.run(0), world.run(0)]);

    expect(new Set(world.topic.ids).size).toBe(1);
    expect(numbers(await world.run(1))).toEqual([[], 0, null]);
  });

  it('publishes what it can read while one source of facts fails', async () => {
    const world = new World();
    world.change('a');
    const broken: FactSource = {
      read: () => Promise.reject(new CloudError({ code: 'TABLE_NOT_FOUND', message: 'no _ledger' })),
    };

    expect(numbers(await world.run(0, [broken, world.history]))).toEqual([[1], 0, 'TABLE_NOT_FOUND']);
  });
});
