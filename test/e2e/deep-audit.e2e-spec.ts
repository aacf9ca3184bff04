import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { audit } from '@pipeline/books';
import { DEFAULT_PIPELINE_NAMES } from '@pipeline/local-cloud';
import { vectorMessages } from '../harness/vector-messages.js';
import { runPipeline } from './command-line.js';
import { eventually } from './eventually.js';
import { Pipeline } from './pipeline.js';

const { projectId, topic } = DEFAULT_PIPELINE_NAMES;
/** Every table gets events of many vectors, so that they meet columns of other events. */
const TABLES = 25;
/** Events of more bytes may have thousands of columns and share one table, so that the others stay quick. */
const LARGE_BYTES = 5_000;
const LIMIT_MS = 1_800_000;

/** Most bytes of one request to publish. */
const REQUEST_BYTES = 5_000_000;

interface Message {
  readonly data: string | Buffer;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly orderingKey?: string;
}

interface Answer {
  readonly totals: {
    readonly received: number;
    readonly rows: number;
    readonly deadLetters: number;
    readonly unaccounted: number;
    readonly mistimed: number;
  };
  readonly deep: { readonly rows: number; readonly altered: number; readonly values: unknown };
}

/** Attributes and keys that a program could take for something of its own. */
const ODD_NAMES = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'orderingKey', 'raw_data'];
const RESERVED = [
  'null',
  'true',
  'false',
  'NULL',
  'True',
  'select',
  'from',
  'rows',
  'struct',
  'raw_attributes',
];

function withOddNames(): Message[] {
  const typed = (
    type: string,
    attributes: Readonly<Record<string, string>> = {},
  ): Readonly<Record<string, string>> =>
    Object.fromEntries([['event_type', type], ...Object.entries(attributes)]);
  return [
    ...['k', '1', 'a key with spaces', '数'].map((orderingKey) => ({
      data: '{"n":1}',
      orderingKey,
      attributes: typed('ordered'),
    })),
    { data: '{"n":2}', orderingKey: 'k', attributes: typed('ordered', { orderingKey: 'an attribute' }) },
    ...ODD_NAMES.map((name) => ({
      data: `{"n":3,${JSON.stringify(name)}:4}`,
      attributes: typed('odd', Object.fromEntries([[name, 'value']])),
    })),
    ...RESERVED.flatMap((name) => [
      { data: `{${JSON.stringify(name)}:1}`, attributes: typed(`top_${name}`) },
      { data: `{"r":{${JSON.stringify(name)}:"x"}}`, attributes: typed(`nested_${name}`) },
      { data: `{"a":[{${JSON.stringify(name)}:true},{"b":1}]}`, attributes: typed(`repeated_${name}`) },
    ]),
    { data: '{"null":1,"true":"x","false":[1,2],"r":{"null":{"true":false}}}', attributes: typed('all') },
  ];
}

/** At most 100 messages and so many bytes at a time. */
function requestsOf(messages: readonly Message[]): Message[][] {
  const requests: Message[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const message of messages) {
    bytes += message.data.length;
    const last = requests.at(-1);
    if (last === undefined || last.length === 100 || bytes > REQUEST_BYTES) {
      requests.push([message]);
      bytes = message.data.length;
    } else {
      last.push(message);
    }
  }
  return requests;
}

describe('audit --deep', () => {
  let pipeline: Pipeline;

  beforeAll(async () => {
    pipeline = await Pipeline.start();
    await pipeline.startTableManager();
    await pipeline.redeliverAfter(200, 2_000);
  }, 300_000);

  afterAll(() => pipeline.stop());

  async function publish(messages: readonly Message[]): Promise<void> {
    const response = await fetch(
      `${pipeline.cloud.urls.pubsub}/v1/projects/${projectId}/topics/${topic}:publish`,
      {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          messages: messages.map(({ data, ...rest }) => ({
            data: Buffer.from(data).toString('base64'),
            ...rest,
          })),
        }),
      },
    );
    if (!response.ok) throw new Error(`publish: ${response.status} ${await response.text()}`);
  }

  it(
    'finds every event of the vectors, and every event with odd names, in its row as it was published, or in its dead letter',
    async () => {
      const vectors = vectorMessages((index, bytes) =>
        bytes > LARGE_BYTES ? 'vector_large' : `vector_${index % TABLES}`,
      );
      const all: Message[] = [...vectors, ...withOddNames()];
      for (const some of requestsOf(all)) await publish(some);

      await eventually(async () => {
        const now = new Date();
        const span = { from: new Date(now.getTime() - 3_600_000), to: new Date(now.getTime() + 60_000) };
        const { totals } = await audit(pipeline.sql, { span, now, inProgressMs: 0 });
        expect(totals).toMatchObject({ received: all.length, unaccounted: 0 });
      }, LIMIT_MS / 2);
      const answer = await eventually(async () => {
        const { stdout, stderr } = await runPipeline(
          pipeline.cloud,
          'audit',
          '--deep',
          '--json',
          '--in-progress-seconds',
          '0',
        );
        if (stdout === '') throw new Error(stderr);
        const found = JSON.parse(stdout) as Answer;
        expect(found.totals).toMatchObject({ received: all.length, unaccounted: 0 });
        expect(found.totals.rows + found.totals.deadLetters).toBe(all.length);
        return found;
      }, LIMIT_MS / 4);

      expect(answer.deep).toMatchObject({ altered: 0, values: [] });
      expect(answer.totals.mistimed).toBe(0);
      expect(answer.deep.rows).toBeGreaterThan(all.length / 2);
    },
    LIMIT_MS,
  );
});
