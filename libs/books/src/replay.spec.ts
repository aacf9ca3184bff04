import { describe, expect, it } from '@jest/globals';
import { CloudError, type OutgoingMessage, type Publisher } from '@pipeline/google-clients';
import { PIPELINE_COLUMNS, type TableSchema } from '@pipeline/schema-inference';
import { editEvent, parseJsonPatch, splitEvents } from './edit-event.js';
import { Forecaster } from './forecast.js';
import type { ReplayCandidate } from './replay-candidates.js';
import { replay, type ReplayOptions, type ReplayStep, type Revision } from './replay.js';
import { ReplayTally } from './replay-tally.js';

const ORDERS: TableSchema = {
  columns: [...PIPELINE_COLUMNS, { name: 'order_id', type: 'STRING', mode: 'NULLABLE' }],
  closed: false,
};

class RecordedPublisher implements Publisher {
  readonly messages: OutgoingMessage[] = [];
  constructor(private readonly failAt = Infinity) {}

  publish(message: OutgoingMessage): Promise<string> {
    if (this.messages.length === this.failAt)
      return Promise.reject(new CloudError({ code: 'UNAVAILABLE', message: 'no' }));
    this.messages.push(message);
    return Promise.resolve(String(this.messages.length));
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

function candidate(id: string, text: string, attempts = 1): ReplayCandidate {
  return {
    message: {
      messageId: id,
      publishedAt: '2026-11-23T10:00:00.000000Z',
      data: Buffer.from(text),
      attributes: { event_type: 'order', pipeline_replay_of: 'another message' },
    },
    attempts,
    reason: 'APPEND_REJECTED',
    table: 'orders',
    publishedParts: [],
  };
}

const NEW_TYPE_WORDS: Readonly<Record<string, string>> = {
  AWAITING_APPROVAL: 'whole in _quarantine until its event type is approved',
  TABLE_GUARD: 'whole in _quarantine: the limit on new tables is reached',
  TYPE_NOT_ALLOWED: 'still a dead letter: TYPE_NOT_ALLOWED',
  null: 'a row of order, which is yet to be made',
};
const GOOD = candidate('good', '{"order_id":"o-1"}');
const WIDER = candidate('wider', '{"order_id":"o-1","total":1}');
const BAD = candidate('bad', '{');
const TIRED = candidate('tired', '{"order_id":"o-1"}', 4);

async function run(
  candidates: readonly ReplayCandidate[],
  options: Partial<ReplayOptions> = {},
): Promise<{ readonly steps: string[]; readonly publisher: RecordedPublisher; readonly all: ReplayStep[] }> {
  const publisher = new RecordedPublisher();
  const all: ReplayStep[] = [];
  async function* source(): AsyncGenerator<ReplayCandidate> {
    yield* await Promise.resolve(candidates);
  }
  await replay(source(), {
    forecaster: new Forecaster({ readSchema: () => Promise.resolve(ORDERS), routes: { order: 'orders' } }),
    publisher,
    dryRun: false,
    force: false,
    onStep: (step) => all.push(step),
    ...options,
  });
  return { steps: all.map((step) => `${step.candidate.message.messageId} ${step.kind}`), publisher, all };
}

describe('replay', () => {
  it('publishes the original bytes under the original id', async () => {
    const { publisher } = await run([GOOD]);

    expect(publisher.messages).toEqual([
      {
        data: Buffer.from('{"order_id":"o-1"}'),
        attributes: {
          event_type: 'order',
          pipeline_replay_of: 'good',
          pipeline_replay_publish_time: '2026-11-23T10:00:00.000000Z',
        },
      },
    ]);
  });

  it.each<[string, Partial<ReplayOptions>, readonly string[]]>([
    ['leaves alone what is hopeless or tired', {}, ['bad hopeless', 'tired refused', 'good published']],
    [
      'publishes everything when forced',
      { force: true },
      ['bad published', 'tired published', 'good published'],
    ],
    [
      'publishes nothing in a dry run',
      { dryRun: true },
      ['bad hopeless', 'good would-publish', 'tired refused'],
    ],
  ])('%s', async (_name, options, expected) => {
    const { steps, publisher } = await run([GOOD, BAD, TIRED], options);

    expect(steps.sort()).toEqual([...expected].sort());
    expect(publisher.messages).toHaveLength(expected.filter((step) => step.endsWith(' published')).length);
  });

  it('publishes as many as the limit allows, not counting what it leaves alone', async () => {
    const { steps } = await run([BAD, TIRED, GOOD, WIDER, GOOD], { limit: 2 });

    expect(steps).toEqual(['bad hopeless', 'tired refused', 'good published', 'wider published']);
  });

  it('foresees what would become of each', async () => {
    const { all } = await run([GOOD, WIDER, BAD], { dryRun: true });

    expect(all.map((step) => 'forecast' in step && step.forecast)).toEqual([
      { kind: 'row', table: 'orders', overflowed: 0, changes: 0, isNewTable: false },
      { kind: 'row', table: 'orders', overflowed: 0, changes: 1, isNewTable: false },
      { kind: 'rejected', reason: 'NOT_JSON', detail: expect.any(String) },
    ]);
  });

  it.each([
    ['AWAITING_APPROVAL', 'new would-publish', { held: 'AWAITING_APPROVAL' }],
    ['TABLE_GUARD', 'new would-publish', { held: 'TABLE_GUARD' }],
    ['TYPE_NOT_ALLOWED', 'new hopeless', { kind: 'rejected', reason: 'TYPE_NOT_ALLOWED' }],
    [null, 'new would-publish', { kind: 'row', isNewTable: true }],
  ] as const)(
    'foresees an event of a new type while %s holds tables back',
    async (refusal, step, forecast) => {
      const readSchema = (): Promise<null> => Promise.resolve(null);
      const { all, steps } = await run([candidate('new', '{"order_id":"o-1"}')], {
        dryRun: true,
        forecaster: new Forecaster({ readSchema, routes: {}, newTypes: () => Promise.resolve(refusal) }),
      });

      expect(steps).toEqual([step]);
      expect(all).toMatchObject([{ forecast }]);
      const tally = new ReplayTally();
      for (const one of all) tally.add(one);
      expect(tally.summary().outcomes.map(({ outcome }) => outcome)).toEqual([
        NEW_TYPE_WORDS[String(refusal)],
      ]);
    },
  );

  it('foresees a value that would wait for an approval', async () => {
    const { all } = await run([WIDER], {
      dryRun: true,
      forecaster: new Forecaster({
        readSchema: () => Promise.resolve({ ...ORDERS, newColumns: 'approve' }),
        routes: { order: 'orders' },
      }),
    });
    const tally = new ReplayTally();
    for (const one of all) tally.add(one);

    expect(all).toMatchObject([{ forecast: { overflowed: 1, changes: 0, awaitsApproval: true } }]);
    expect(tally.summary().outcomes).toMatchObject([
      { outcome: 'a row of orders; some values in _overflow, which wait for an approval' },
    ]);
  });

  it('fails with the publisher’s failure although the next message is still to come', async () => {
    const published: string[] = [];
    const publisher: Publisher = {
      publish: ({ attributes }) => {
        published.push(attributes['pipeline_replay_of'] ?? '');
        return Promise.reject(new CloudError({ code: 'TOPIC_NOT_FOUND', message: 'no topic' }));
      },
      close: () => Promise.resolve(),
    };
    // A whole turn of the loop, in which Node finds an unhandled rejection.
    const pace = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

    await expect(run([GOOD, WIDER, GOOD], { publisher, pace })).rejects.toMatchObject({
      code: 'TOPIC_NOT_FOUND',
    });
    expect(published).toEqual(['good']);
  });

  it('stops when it is interrupted, and when publishing fails', async () => {
    const interrupted = await run([GOOD, GOOD], { signal: AbortSignal.abort() });

    expect(interrupted.steps).toEqual([]);
    await expect(run([GOOD, GOOD], { publisher: new RecordedPublisher(1) })).rejects.toMatchObject({
      code: 'UNAVAILABLE',
    });
  });

  const type = parseJsonPatch('[{"op":"add","path":"/event_type","value":"order"}]');
  const edit = (data: Buffer): Revision => {
    const edited = editEvent(data, type);
    return edited.kind === 'edited' ? { kind: 'revised', events: [edited.data] } : edited;
  };
  const split = (data: Buffer): Revision => {
    const result = splitEvents(data);
    return result.kind === 'split' ? { kind: 'revised', events: result.events } : result;
  };

  it('publishes an edited copy as a message of its own, which names the original', async () => {
    const { steps, publisher } = await run([candidate('untyped', '{"n":1.10}', 9), BAD], { revise: edit });

    expect(steps).toEqual(['untyped published', 'bad impossible']);
    expect(publisher.messages).toEqual([
      {
        data: Buffer.from('{"n":1.10,"event_type":"order"}'),
        attributes: {
          ...GOOD.message.attributes,
          pipeline_edit_of: 'untyped',
          pipeline_edit_part: '1/1',
        },
      },
    ]);
  });

  it('publishes each element of a split, and after an interruption only those that are missing', async () => {
    const array = candidate('array', '[{"n":1},{"n":2},{"n":3}]');
    const interrupted = { ...array, publishedParts: ['1/3', '3/3'] };

    const whole = await run([array], { revise: split });
    const rest = await run([interrupted], { revise: split });

    const sent = ({ messages }: RecordedPublisher): unknown[] =>
      messages.map(({ data, attributes }) => [String(data), attributes['pipeline_edit_part']]);
    expect(whole.steps).toEqual(['array published']);
    expect(sent(whole.publisher)).toEqual([
      ['{"n":1}', '1/3'],
      ['{"n":2}', '2/3'],
      ['{"n":3}', '3/3'],
    ]);
    expect(sent(rest.publisher)).toEqual([['{"n":2}', '2/3']]);
  });

  it('publishes no part of a message if one part would be a dead letter', async () => {
    const { steps, publisher } = await run([candidate('mixed', '[{"n":1},2]')], { revise: split });

    expect(steps).toEqual(['mixed hopeless']);
    expect(publisher.messages).toEqual([]);
  });
});
