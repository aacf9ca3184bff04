import { Forecaster, type EventRouting, type Release, type ReleaseOptions } from '@pipeline/books';
import { PubsubPublisher } from '@pipeline/google-clients';
import { Option } from 'commander';
import type { CommandContext } from '../command/run-command.js';

const DEFAULT_TOPIC = 'backend-events-replay';

/** The topic that held messages are published to again. */
export function replayTopicOption(): Option {
  return new Option('--topic <name>', 'topic of replayed messages')
    .env('REPLAY_TOPIC')
    .default(DEFAULT_TOPIC);
}

/** Runs something that replays held messages, and closes the publisher. */
export async function withRelease<Result>(
  { topic, routing }: { readonly topic: string; readonly routing: EventRouting },
  { connection, sql, readSchema, progress, signal }: CommandContext,
  use: (options: ReleaseOptions) => Promise<Result>,
): Promise<Result> {
  const publisher = new PubsubPublisher({
    projectId: connection.projectId,
    topic,
    ...(connection.pubsubHost === undefined ? {} : { emulatorHost: connection.pubsubHost }),
  });
  try {
    return await use({
      sql,
      publisher,
      forecaster: new Forecaster({ readSchema, ...routing }),
      signal,
      onProgress: ({ replayed, left }) => {
        progress.show(`${replayed} events replayed, ${left} have no row yet`);
      },
    });
  } finally {
    await publisher.close();
  }
}

/** `3 events replayed, none is left.` */
export function releaseText({ replayed, left }: Release): string {
  const events = `${replayed} ${replayed === 1 ? 'event' : 'events'} replayed`;
  return left === 0
    ? `${events}, none is left.`
    : `${events}, ${left} have no row yet: writers learn a new table within minutes. Run it again, or see pipeline audit.`;
}
