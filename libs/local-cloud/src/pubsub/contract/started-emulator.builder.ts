import { expect } from '@jest/globals';
import { startPubsubEmulator, type PubsubEmulatorOptions } from '../index.js';
import { openSession, type PubsubSession } from './pubsub-session.builder.js';

export const TOPIC = 'projects/contract-project/topics/events';
export const SUBSCRIPTION = 'projects/contract-project/subscriptions/events-sub';

const closing: (() => Promise<void>)[] = [];

/** Run when the test is over, the last first. */
export function atEnd(close: () => Promise<void>): void {
  closing.unshift(close);
}

/** For `afterEach`. */
export async function closeAll(): Promise<void> {
  for (const close of closing.splice(0)) await close();
}

/** This emulator on a free port, with clients. */
export async function start(
  options: Partial<PubsubEmulatorOptions> = {},
): Promise<{ session: PubsubSession; port: number }> {
  const emulator = await startPubsubEmulator({
    host: '127.0.0.1',
    port: 0,
    log: () => undefined,
    ...options,
  });
  const session = openSession(emulator.port);
  atEnd(() => emulator.stop());
  atEnd(() => session.close());
  return { session, port: emulator.port };
}

/** TOPIC with SUBSCRIPTION. */
export async function createPair(session: PubsubSession, config: object = {}): Promise<void> {
  expect((await session.rest('PUT', TOPIC, {})).status).toBe(200);
  expect(await session.rest('PUT', SUBSCRIPTION, { topic: TOPIC, ...config })).toMatchObject({ status: 200 });
}
