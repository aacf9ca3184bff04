import fc from 'fast-check';

/** A delivery as a hostile or broken sender makes it. */
export interface HostilePush {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

const NUMBERS = [
  '0',
  '-0',
  '1',
  '1.0',
  '1e5',
  '1E-2',
  '49.99',
  '9007199254740993',
  '9223372036854775808',
  '1e400',
];
const MORE_NUMBERS = [
  '0.1000000000000000055',
  '99999999999999999999999999999.999999999',
  '5e-324',
  '1e38',
  '-1.5',
];
const STRINGS = [
  '',
  ' ',
  'x',
  'é',
  '😀',
  '2024-01-15',
  '2024-02-30',
  '2024-01-15T10:30:00Z',
  '{{projectId}}',
  '12',
];
const KEYS = [
  'a',
  'b',
  'A',
  'order-id',
  '1',
  '__proto__',
  'constructor',
  '_message_id',
  '日本',
  '',
  'toJSON',
];
const TYPES = [
  'fuzz_a',
  'FuzzB',
  'fuzz.c',
  'order',
  'dead_letters',
  'information_schema',
  'x_unique',
  '_raw_events',
];
const BAD_TYPES = ['7', 'null', '""', '"--"', '{}', '"\\ud800"', '[]'];
const TIMES = ['2026-11-23T00:00:00Z', '2026-11-23T00:00:00.123456789Z', '0000-01-01T00:00:00Z', 'soon', ''];
const CONTENT_TYPES = [
  'application/json',
  'application/cloudevents+json',
  'text/plain',
  'application/octet-stream',
];
const MESSAGE_PUBLISHED = 'google.cloud.pubsub.topic.v1.messagePublished';

const quoted = (text: string): string => JSON.stringify(text);
const scalarText = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...NUMBERS, ...MORE_NUMBERS) },
  { weight: 4, arbitrary: fc.constantFrom(...STRINGS).map(quoted) },
  { weight: 2, arbitrary: fc.constantFrom('true', 'false', 'null', '"\\ud800"', '"\\u0061"') },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 10 }).map(quoted) },
  { weight: 1, arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true }).map(String) },
);

function membersText(value: fc.Arbitrary<string>, maxLength: number): fc.Arbitrary<string> {
  const member = fc.tuple(fc.constantFrom(...KEYS), value);
  const unique = fc.uniqueArray(member, { maxLength, selector: ([key]) => key });
  return fc
    .oneof({ weight: 12, arbitrary: unique }, fc.array(member, { maxLength }))
    .map((members) => members.map(([key, text]) => `${quoted(key)}:${text}`).join(','));
}

const { value: valueText } = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 2, depthSize: 'small' },
    { weight: 5, arbitrary: scalarText },
    { weight: 1, arbitrary: membersText(tie('value'), 3).map((members) => `{${members}}`) },
    {
      weight: 1,
      arbitrary: fc.array(tie('value'), { maxLength: 3 }).map((elements) => `[${elements.join(',')}]`),
    },
  ),
}));

const typeText = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom(...TYPES).map(quoted) },
  { weight: 1, arbitrary: fc.constantFrom(...BAD_TYPES) },
);

const eventText = fc.oneof(
  {
    weight: 12,
    arbitrary: fc
      .tuple(typeText, membersText(valueText, 5))
      .map(([type, members]) => `{"event_type":${type}${members === '' ? '' : ','}${members}}`),
  },
  { weight: 1, arbitrary: valueText },
  {
    weight: 1,
    arbitrary: fc
      .tuple(typeText, valueText)
      .map(([type, data]) => `{"specversion":"1.0","id":"1","source":"s","type":${type},"data":${data}}`),
  },
  {
    weight: 1,
    arbitrary: fc
      .nat({ max: 130 })
      .map((depth) => `{"event_type":"fuzz_a","deep":${'['.repeat(depth)}${']'.repeat(depth)}}`),
  },
);

/** Bytes cut, changed, doubled and put in between, at places given as shares of the length. */
const mutations = fc.array(
  fc.tuple(
    fc.constantFrom('cut', 'change', 'double', 'insert'),
    fc.double({ min: 0, max: 0.999, noNaN: true }),
    fc.nat({ max: 255 }),
  ),
  { minLength: 1, maxLength: 3 },
);
type Mutation = readonly ['cut' | 'change' | 'double' | 'insert', number, number];

function mutate(bytes: Buffer, list: readonly Mutation[]): Buffer {
  return list.reduce((current, [kind, share, byte]) => {
    const at = Math.floor(share * current.length);
    const [head, tail] = [current.subarray(0, at), current.subarray(at)];
    if (kind === 'cut') return head;
    if (kind === 'double') return Buffer.concat([head, tail, tail]);
    return Buffer.concat([head, Buffer.from([byte]), kind === 'insert' ? tail : tail.subarray(1)]);
  }, bytes);
}

const maybeMutated = (bytes: fc.Arbitrary<Buffer>): fc.Arbitrary<Buffer> =>
  fc.oneof(
    { weight: 6, arbitrary: bytes },
    { weight: 1, arbitrary: fc.tuple(bytes, mutations).map(([whole, list]) => mutate(whole, list)) },
  );

const dataBytes = maybeMutated(eventText.map((text) => Buffer.from(text)));
const attributes = fc.dictionary(
  fc.constantFrom('event_type', 'source', 'ce-id', 'googclient_x', '__proto__', 'é'),
  fc.oneof(fc.constantFrom(...TYPES), fc.string({ maxLength: 5 })),
  { maxKeys: 3 },
);
const oddValue = fc.constantFrom<unknown>(null, 7, true, '', [], {}, 'x'.repeat(200));

/** Mostly a good message; now and then one field of it is of another kind. */
const message = fc
  .tuple(
    dataBytes,
    attributes,
    fc.oneof({ weight: 12, arbitrary: fc.constant(TIMES[0]) }, fc.constantFrom(...TIMES)),
    fc.oneof(
      { weight: 12, arbitrary: fc.constant(null) },
      fc.tuple(fc.constantFrom('data', 'attributes', 'messageId', 'publishTime', 'orderingKey'), oddValue),
    ),
  )
  .map(([data, attributesOfIt, publishTime, odd]) => (messageId: string): object => ({
    data: data.toString('base64'),
    attributes: attributesOfIt,
    messageId,
    publishTime,
    ...(odd === null ? {} : { [odd[0]]: odd[1] }),
  }));

const wrapped = fc
  .tuple(message, fc.constantFrom(...CONTENT_TYPES), fc.boolean())
  .map(([toMessage, type, isBinary]) => (messageId: string): HostilePush => ({
    headers: {
      'content-type': type === 'application/cloudevents+json' ? 'application/json' : type,
      ...(isBinary ? { 'ce-type': MESSAGE_PUBLISHED, 'ce-id': messageId, 'ce-specversion': '1.0' } : {}),
    },
    body: Buffer.from(JSON.stringify({ message: toMessage(messageId), subscription: 's' })),
  }));
const structured = message.map((toMessage) => (messageId: string): HostilePush => ({
  headers: { 'content-type': 'application/cloudevents+json' },
  body: Buffer.from(
    JSON.stringify({
      specversion: '1.0',
      id: messageId,
      source: 's',
      type: MESSAGE_PUBLISHED,
      data: { message: toMessage(messageId) },
    }),
  ),
}));
const unwrapped = fc
  .tuple(dataBytes, fc.constantFrom(...TIMES))
  .map(([body, publishTime]) => (messageId: string): HostilePush => ({
    headers: {
      'content-type': 'application/octet-stream',
      'x-goog-pubsub-message-id': messageId,
      'x-goog-pubsub-publish-time': publishTime,
    },
    body,
  }));
const whole = fc.oneof(
  { weight: 6, arbitrary: wrapped },
  { weight: 2, arbitrary: structured },
  { weight: 2, arbitrary: unwrapped },
);

/** Any delivery, made for a message id; one of eight has its body mutated, one of thirty is noise. */
const hostilePush = fc.oneof(
  { weight: 26, arbitrary: whole },
  {
    weight: 3,
    arbitrary: fc.tuple(whole, mutations).map(([toPush, list]) => (messageId: string): HostilePush => {
      const { headers, body } = toPush(messageId);
      return { headers, body: mutate(body, list) };
    }),
  },
  {
    weight: 1,
    arbitrary: fc.uint8Array({ maxLength: 200 }).map((bytes) => (): HostilePush => ({
      headers: { 'content-type': 'application/json' },
      body: Buffer.from(bytes),
    })),
  },
);

/** `count` deliveries, the same for the same seed; ids begin with `prefix`. */
export function hostilePushes(count: number, seed: number, prefix: string): HostilePush[] {
  return fc
    .sample(hostilePush, { numRuns: count, seed })
    .map((toPush, index) => toPush(`${prefix}-${index}`));
}
