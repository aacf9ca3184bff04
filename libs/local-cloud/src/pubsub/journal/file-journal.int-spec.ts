import { afterEach, describe, expect, it } from '@jest/globals';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Broker } from '../broker/broker.js';
import { systemClock } from '../broker/clock.js';
import { Consumer } from '../backlog/consumer.js';
import { createSnapshot, seek } from '../broker/snapshots.js';
import { FileJournal } from './file-journal.js';
import { checkpoint, restore } from './restore.js';

const TOPIC = 'projects/p/topics/events';
const SUBSCRIPTION = 'projects/p/subscriptions/reader';
const SNAPSHOT = 'projects/p/snapshots/then';
const ALL = { maxMessages: 10_000, maxBytes: 1e9 };

const folders: string[] = [];
const newFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'pubsub-journal-'));
  folders.push(folder);
  return folder;
};
const file = (folder: string): string => join(folder, 'pubsub.ndjson');

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function open(folder: string, minGrowthBytes?: number): { broker: Broker; journal: FileJournal } {
  const journal = new FileJournal(folder, minGrowthBytes);
  const broker = new Broker(systemClock, journal);
  restore(broker, journal.read());
  journal.checkpointFrom(() => checkpoint(broker));
  return { broker, journal };
}

const publish = (broker: Broker, ...texts: string[]): string[] =>
  broker.publish(
    TOPIC,
    texts.map((text) => ({ data: Buffer.from(text), attributes: { of: text }, orderingKey: '' })),
  );

function readTexts(broker: Broker): { texts: string[]; ackIds: string[] } {
  const deliveries = broker.subscription(SUBSCRIPTION).take(new Consumer(), ALL);
  return {
    texts: deliveries.map(({ message }) => Buffer.from(message.data).toString()),
    ackIds: deliveries.map(({ ackId }) => ackId),
  };
}

function createPair(broker: Broker, config: object = {}): void {
  broker.createTopic({ name: TOPIC });
  broker.createSubscription({ name: SUBSCRIPTION, topic: TOPIC, ...config });
}

describe('FileJournal', () => {
  it('brings back topics, subscriptions and what was not acknowledged', () => {
    const folder = newFolder();
    const before = open(folder);
    createPair(before.broker, { ackDeadlineSeconds: 42 });
    const [id] = publish(before.broker, 'a', 'b', 'c');
    const { ackIds } = readTexts(before.broker);
    before.broker.subscription(SUBSCRIPTION).acknowledge(ackIds.slice(0, 1));
    before.journal.close();

    const { broker, journal } = open(folder);

    expect(broker.subscription(SUBSCRIPTION).resource.ackDeadlineSeconds).toBe(42);
    expect(readTexts(broker).texts).toEqual(['b', 'c']);
    expect(Number(publish(broker, 'd')[0])).toBeGreaterThan(Number(id) + 2);
    journal.close();
  });

  it('has every published message on file before publish answers', () => {
    const folder = newFolder();
    const { broker, journal } = open(folder);
    createPair(broker);

    publish(broker, 'there');

    expect(readFileSync(file(folder), 'utf8')).toContain(Buffer.from('there').toString('base64'));
    journal.close();
  });

  it('cuts off a line that a kill left unfinished', () => {
    const folder = newFolder();
    const before = open(folder);
    createPair(before.broker);
    publish(before.broker, 'a');
    before.journal.close();
    appendFileSync(file(folder), '{"kind":"publish","top');

    const second = open(folder);
    publish(second.broker, 'b');
    second.journal.close();

    const { broker, journal } = open(folder);
    expect(readTexts(broker).texts).toEqual(['a', 'b']);
    journal.close();
  });

  it('keeps snapshots, seeks and deletions', () => {
    const folder = newFolder();
    const before = open(folder);
    createPair(before.broker);
    publish(before.broker, 'a');
    createSnapshot(before.broker, { name: SNAPSHOT, subscription: SUBSCRIPTION });
    publish(before.broker, 'b');
    seek(before.broker, { subscription: SUBSCRIPTION, time: '2100-01-01T00:00:00Z' });
    before.broker.createTopic({ name: `${TOPIC}-gone` });
    before.broker.deleteTopic(`${TOPIC}-gone`);
    before.journal.close();

    const { broker, journal } = open(folder);

    expect(readTexts(broker).texts).toEqual([]);
    expect(broker.topics.all()).toHaveLength(1);
    seek(broker, { subscription: SUBSCRIPTION, snapshot: SNAPSHOT });
    expect(readTexts(broker).texts).toEqual(['a', 'b']);
    journal.close();
  });

  it('is rewritten as a checkpoint when it has grown, with the same state', async () => {
    const folder = newFolder();
    const before = open(folder, 50_000);
    createPair(before.broker, { retainAckedMessages: true });
    for (let round = 0; round < 40; round += 1) {
      publish(before.broker, ...Array.from({ length: 50 }, (_, index) => `${round}-${index}`));
      const { ackIds } = readTexts(before.broker);
      before.broker.subscription(SUBSCRIPTION).acknowledge(ackIds);
      seek(before.broker, { subscription: SUBSCRIPTION, time: '2100-01-01T00:00:00Z' });
      await new Promise((resolve) => setImmediate(resolve));
    }
    publish(before.broker, 'last');
    const contents = before.broker.subscription(SUBSCRIPTION).contents();
    before.journal.close();

    const { broker, journal } = open(folder);

    expect(readFileSync(file(folder), 'utf8')).toContain('{"kind":"messages"');
    expect(statSync(file(folder)).size).toBeLessThan(2_000_000);
    expect(broker.subscription(SUBSCRIPTION).contents()).toEqual(contents);
    journal.close();
  });
});
