import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** A message as a producer publishes it. */
export interface VectorMessage {
  readonly data: Buffer;
  readonly attributes: Readonly<Record<string, string>>;
}

/** A text of the vectors, in pieces if it is long. */
type Text =
  | string
  | readonly (
      | string
      | { readonly repeat: string; readonly times: number }
      | { readonly each: readonly [number, number]; readonly of: string; readonly separator?: string }
    )[];

interface Vector {
  readonly kind: string;
  readonly data?: Text;
  readonly dataHex?: string;
  readonly gzip?: boolean;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly event?: Text;
  readonly events?: readonly Text[];
  readonly values?: readonly Text[];
}

const FOLDER = 'test/contracts';

/**
 * Every event, value and message of the vectors as a message. Messages of the kind `decode` keep their attributes; all
 * others get an event type of `typeOf`. Messages that Pub/Sub refuses are left out (neither data nor attributes, or an
 * attribute that is too long), and those over 1 MB: hostile-messages.e2e-spec.ts of table-manager sends such ones.
 */
export function vectorMessages(typeOf: (index: number, bytes: number) => string): VectorMessage[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith('.json'))
    .sort()
    .flatMap((file) => (JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as { cases: Vector[] }).cases)
    .flatMap((vector) => messagesOf(vector))
    .map(({ data, attributes }, index) => ({
      data,
      attributes: attributes ?? { event_type: typeOf(index, data.byteLength) },
    }))
    .filter(isPublishable);
}

/** Limits of Pub/Sub for attributes, in bytes. Source: Pub/Sub quotas and limits, read 2026-11-29. */
const MAX_KEY_BYTES = 256;
const MAX_VALUE_BYTES = 1_024;

const MAX_MESSAGE_BYTES = 1_000_000;

function isPublishable({ data, attributes }: VectorMessage): boolean {
  const entries = Object.entries(attributes);
  const isShort = entries.every(
    ([key, value]) =>
      key !== '' && Buffer.byteLength(key) <= MAX_KEY_BYTES && Buffer.byteLength(value) <= MAX_VALUE_BYTES,
  );
  return isShort && data.byteLength <= MAX_MESSAGE_BYTES && (data.byteLength > 0 || entries.length > 0);
}

function messagesOf({
  kind,
  data,
  dataHex,
  gzip,
  attributes = {},
  event,
  events = [],
  values = [],
}: Vector): {
  readonly data: Buffer;
  readonly attributes?: Readonly<Record<string, string>>;
}[] {
  if (kind === 'decode') {
    const bytes = dataHex === undefined ? Buffer.from(textOf(data ?? '')) : Buffer.from(dataHex, 'hex');
    return [{ data: gzip === true ? gzipSync(bytes) : bytes, attributes }];
  }
  return [
    ...(event === undefined ? [] : [textOf(event)]),
    ...events.map(textOf),
    ...(kind === 'type' ? values.map((value) => `{"v":${textOf(value)}}`) : []),
  ].map((text) => ({ data: Buffer.from(text) }));
}

function textOf(text: Text): string {
  if (typeof text === 'string') return text;
  return text
    .map((piece) => {
      if (typeof piece === 'string') return piece;
      if ('repeat' in piece) return piece.repeat.repeat(piece.times);
      const [first, last] = piece.each;
      return Array.from({ length: last - first + 1 }, (_unused, offset) =>
        piece.of.replaceAll('{i}', String(first + offset)),
      ).join(piece.separator ?? '');
    })
    .join('');
}
