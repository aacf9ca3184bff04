import { randomUUID } from 'node:crypto';
import { PubSub } from '@google-cloud/pubsub';
import { DEFAULT_PIPELINE_NAMES } from '@pipeline/local-cloud';
import type { Pipeline } from './pipeline.js';

const { projectId, archiveDataset, deadLetterTopic } = DEFAULT_PIPELINE_NAMES;

/** Rows of one INSERT. */
const CHUNK = 1_000;

export interface DeadLetters {
  /** Table that their rows would be in. */
  readonly table: string;
  readonly eventType: string;
  /** The bytes of each. */
  readonly data: readonly string[];
  /** Dead letters of each; one unless given. */
  readonly attempts?: number;
}

/**
 * Messages that were refused for a reason that is gone: published a minute ago, in the archive, and dead.
 * @returns their message ids, in order
 */
export async function publishDeadLetters(pipeline: Pipeline, letters: DeadLetters): Promise<string[]> {
  const { attempts = 1 } = letters;
  const publishedAt = new Date(Date.now() - 60_000).toISOString();
  const messages = letters.data.map((text) => ({
    id: `dead-${randomUUID()}`,
    data: Buffer.from(text).toString('base64'),
  }));
  for (let start = 0; start < messages.length; start += CHUNK) {
    const values = messages
      .slice(start, start + CHUNK)
      .map(({ id, data }) => `('s', '${id}', TIMESTAMP '${publishedAt}', FROM_BASE64('${data}'), JSON '{}')`);
    await pipeline.query(
      `INSERT INTO \`${archiveDataset}._raw_events\` (subscription_name, message_id, publish_time, data, attributes) VALUES ${values.join(', ')}`,
    );
  }
  const pubsub = new PubSub({
    projectId,
    apiEndpoint: `127.0.0.1:${pipeline.cloud.ports.pubsub}`,
    emulatorMode: true,
  });
  const topic = pubsub.topic(deadLetterTopic);
  for (let attempt = 1; attempt <= attempts; attempt++) {
    await Promise.all(
      messages.map((message) =>
        topic.publishMessage({ json: deadLetter({ ...letters, ...message, publishedAt }) }),
      ),
    );
  }
  await pubsub.close();
  return messages.map(({ id }) => id);
}

function deadLetter(of: {
  readonly table: string;
  readonly eventType: string;
  readonly id: string;
  readonly data: string;
  readonly publishedAt: string;
}): object {
  return {
    reason: 'APPEND_REJECTED',
    stage: 'append',
    detail: 'refused',
    event_type: of.eventType,
    table: of.table,
    message_id: of.id,
    publish_time: of.publishedAt,
    attributes: {},
    data: of.data,
    data_in: null,
    attempt: 1,
    service: 'table-manager',
    service_version: '0.1.0',
  };
}
