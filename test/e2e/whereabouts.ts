import { DEFAULT_PIPELINE_NAMES } from '@pipeline/local-cloud';
import {
  PIPELINE_COLUMNS,
  decodeEvent,
  explain,
  isSameScalar,
  leavesOf,
  type Column,
  type ExplainedLeaf,
  type JsonValue,
} from '@pipeline/schema-inference';
import type { Pipeline } from './pipeline.js';

const { dataset } = DEFAULT_PIPELINE_NAMES;
const VIEW = '_unique';

/** Where the messages of a topic are, message by message. */
export interface Whereabouts {
  /** Message id → the tables that it is a row of (by their unique views), and `dead_letters` for each dead letter. */
  readonly places: ReadonlyMap<string, readonly string[]>;
  /** What is not as it was published, in words; empty when all is well. */
  readonly alterations: readonly string[];
  /** Reasons in overflows, with how often each occurs. */
  readonly overflowReasons: Readonly<Record<string, number>>;
}

interface FieldResource {
  readonly name: string;
  readonly type: string;
  readonly mode?: string;
  readonly description?: string;
  readonly fields?: readonly FieldResource[];
}

/** Tables of events, which are those without a leading underscore that are no view. */
export async function eventTables(pipeline: Pipeline): Promise<string[]> {
  const [tables] = await pipeline.bigquery.dataset(dataset).getTables();
  return tables
    .filter(
      ({ id = '', metadata }) => !id.startsWith('_') && (metadata as { type?: string }).type === 'TABLE',
    )
    .map(({ id = '' }) => id)
    .sort();
}

/** The columns of a table as the engine reads them. */
export async function columnsOf(pipeline: Pipeline, table: string): Promise<readonly Column[]> {
  const [metadata] = (await pipeline.bigquery.dataset(dataset).table(table).getMetadata()) as unknown as [
    { schema: { fields: readonly FieldResource[] } },
  ];
  return metadata.schema.fields.map(toColumn);
}

/** Look up every published message, and rebuild every event from its row. */
export async function findAll(
  pipeline: Pipeline,
  published: ReadonlyMap<string, string>,
): Promise<Whereabouts> {
  const places = new Map<string, string[]>();
  const alterations: string[] = [];
  const overflowReasons: Record<string, number> = {};
  const note = (messageId: string, place: string): void => {
    places.set(messageId, [...(places.get(messageId) ?? []), place]);
  };
  for (const table of await eventTables(pipeline)) {
    const rows = await pipeline.query<Record<string, unknown>>(
      `SELECT * FROM \`${dataset}.${table}${VIEW}\``,
    );
    // After the rows: a column that comes in between is in none of them.
    const columns = await columnsOf(pipeline, table);
    for (const row of rows) {
      const messageId = String(row['_message_id']);
      note(messageId, table);
      const text = published.get(messageId);
      if (text === undefined) continue;
      const leaves = explain(toEngineRow(row), { columns, closed: false });
      alterations.push(...compareLeaves(messageId, text, leaves));
      for (const { reason } of leaves) {
        if (reason !== null) overflowReasons[reason] = (overflowReasons[reason] ?? 0) + 1;
      }
    }
  }
  const letters = await pipeline.query<{ id: string }>(
    `SELECT DISTINCT message_id AS id FROM \`${dataset}.dead_letters\``,
  );
  for (const { id } of letters) note(id, 'dead_letters');
  return { places, alterations, overflowReasons };
}

/** What differs between an event and what its row says of it. */
function compareLeaves(messageId: string, text: string, explained: readonly ExplainedLeaf[]): string[] {
  const decoded = decodeEvent({ data: Buffer.from(text), attributes: {} });
  if (decoded.kind === 'rejected') return [`${messageId} is a row of an event that is ${decoded.code}`];
  const { root, text: exactText } = decoded.event.exact();
  const expected = new Map(leavesOf(root, exactText).map(({ pointer, json }) => [pointer, json]));
  const found = new Map(explained.map(({ pointer, json }) => [pointer, json]));
  const differences = [...expected].flatMap(([pointer, json]) => {
    const other = found.get(pointer);
    return other !== undefined && isSameScalar(json, other)
      ? []
      : [`${messageId} ${pointer}: ${json} became ${String(other)}`];
  });
  const added = [...found.keys()].filter((pointer) => !expected.has(pointer));
  return [...differences, ...added.map((pointer) => `${messageId} ${pointer}: was never there`)];
}

const TYPES: Readonly<Record<string, Column['type']>> = {
  BOOLEAN: 'BOOL',
  INTEGER: 'INT64',
  FLOAT: 'FLOAT64',
  STRUCT: 'RECORD',
};

function toColumn({ name, type, mode = 'NULLABLE', description, fields }: FieldResource): Column {
  return {
    name,
    type: TYPES[type] ?? (type as Column['type']),
    mode: mode as Column['mode'],
    ...(description === undefined ? {} : { description }),
    ...(fields === undefined ? {} : { columns: fields.map(toColumn) }),
  };
}

const PIPELINE_NAMES = new Set(PIPELINE_COLUMNS.map(({ name }) => name));

/** A row of the official client as `buildRow` made it: exact numbers as text, JSON as text. */
function toEngineRow(row: Record<string, unknown>): Record<string, JsonValue> {
  return Object.fromEntries(
    Object.entries(row)
      .filter(([name]) => !PIPELINE_NAMES.has(name) || name === '_overflow')
      .map(([name, value]) => [name, toJsonValue(value)]),
  );
}

function toJsonValue(value: unknown): JsonValue {
  if (value === null || value === undefined) return null;
  if (Array.isArray(value)) return value.map(toJsonValue);
  if (typeof value !== 'object') return value as JsonValue;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return toText(value);
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, toJsonValue(member)]));
}

/** The client's own classes as they are in JSON: Big for exact numbers is text, dates have a `value`. */
function toText(value: object): string {
  const plain = JSON.parse(JSON.stringify(value)) as string | { readonly value: string };
  return typeof plain === 'string' ? plain : plain.value;
}
