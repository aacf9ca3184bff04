import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { DEFAULT_PIPELINE_NAMES } from '@pipeline/local-cloud';
import { runPipeline } from './command-line.js';
import { eventually } from './eventually.js';
import { Pipeline } from './pipeline.js';

const { projectId, topic } = DEFAULT_PIPELINE_NAMES;
/** Every table gets events of many vectors, so that they meet columns of other events. */
const TABLES = 25;
const LIMIT_MS = 600_000;

interface Message {
  readonly data: string;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly orderingKey?: string;
}

interface Answer {
  readonly totals: { readonly received: number; readonly unaccounted: number; readonly mistimed: number };
  readonly deep: { readonly rows: number; readonly altered: number; readonly values: unknown };
}

/** The text of every event and value of the vectors; texts that are written in pieces are tested beside the engine. */
function vectorEvents(): string[] {
  const folder = 'test/contracts';
  interface Vector {
    readonly kind?: string;
    readonly event?: unknown;
    readonly events?: readonly unknown[];
    readonly values?: readonly unknown[];
  }
  const isText = (text: unknown): text is string => typeof text === 'string';
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .flatMap((file) => (JSON.parse(readFileSync(`${folder}/${file}`, 'utf8')) as { cases: Vector[] }).cases)
    .flatMap(({ kind, event, events = [], values = [] }) => [
      ...[event, ...events].filter(isText),
      ...(kind === 'type' ? values.filter(isText).map((value) => `{"v":${value}}`) : []),
    ]);
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
    expect(response.status).toBe(200);
  }

  it(
    'finds every event of the vectors, and every event with odd names, in its row as it was published',
    async () => {
      const vectors = vectorEvents().map((data, index) => ({
        data,
        attributes: { event_type: `vector_${index % TABLES}` },
      }));
      const all = [...vectors, ...withOddNames()];
      for (let start = 0; start < all.length; start += 100) await publish(all.slice(start, start + 100));

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
        return found;
      }, LIMIT_MS / 2);

      expect(answer.deep).toMatchObject({ altered: 0, values: [] });
      expect(answer.totals.mistimed).toBe(0);
      expect(answer.deep.rows).toBeGreaterThan(all.length / 2);
    },
    LIMIT_MS,
  );
});
