import { Readable } from 'node:stream';
import type { BigqueryClient } from '@pipeline/google-clients';
import type { Column, JsonValue } from '@pipeline/schema-inference';
import avro from 'avsc';
import type { RowAppender } from '../rows/row-appender.port.js';
import { BigqueryStaging } from './bigquery-staging.js';
import type { StagingTables } from './staging.port.js';

/** Staging tables for specs against a BigQuery without load jobs: the rows of the Avro file are appended. */
export class AppendedStaging implements StagingTables {
  readonly #tables: BigqueryStaging;
  readonly #columns = new Map<string, readonly Column[]>();

  constructor(
    client: BigqueryClient,
    private readonly appender: RowAppender,
  ) {
    this.#tables = new BigqueryStaging(client);
  }

  async create(table: Parameters<StagingTables['create']>[0]): Promise<void> {
    this.#columns.set(table.tableId, table.columns);
    await this.#tables.create(table);
  }

  async load(tableId: string, file: Uint8Array): Promise<void> {
    const columns = this.#columns.get(tableId) ?? [];
    const decoder = new avro.streams.BlockDecoder({ parseHook: parse });
    let rows: Record<string, JsonValue>[] = [];
    const flush = async (): Promise<void> => {
      const toAppend = rows.map((row, index) => ({ insertId: String(index), row, columns }));
      rows = [];
      const answer = await this.appender.append(tableId, toAppend);
      if (answer.kind === 'missing' || answer.errors.length > 0) throw new Error(JSON.stringify(answer));
    };
    for await (const row of Readable.from([Buffer.from(file)]).pipe(decoder)) {
      rows.push(fromRecord(row as Record<string, unknown>, columns));
      if (rows.length === 2_000) await flush();
    }
    if (rows.length > 0) await flush();
  }

  release(tableId: string): Promise<void> {
    return this.#tables.release(tableId);
  }
}

const LONG = avro.types.LongType.__with({
  fromBuffer: (bytes: Buffer) => bytes.readBigInt64LE(),
  toBuffer: () => Buffer.alloc(8),
  fromJSON: BigInt,
  toJSON: String,
  isValid: () => true,
  compare: () => 0,
});

function parse(schema: avro.Schema): avro.Type {
  const typeHook = (part: unknown): avro.Type | undefined =>
    part === 'long' || (part as { type?: unknown }).type === 'long' ? LONG : undefined;
  return avro.Type.forSchema(schema, { typeHook });
}

function fromRecord(record: Record<string, unknown>, columns: readonly Column[]): Record<string, JsonValue> {
  return Object.fromEntries(
    columns.map((column) => {
      const value = record[column.name] ?? null;
      return [
        column.name,
        column.mode === 'REPEATED'
          ? (value as unknown[]).map((element) => fromOne(element, column))
          : fromOne(value, column),
      ];
    }),
  );
}

const DAY_MS = 86_400_000;

function fromOne(value: unknown, column: Column): JsonValue {
  if (value === null) return null;
  // eslint-disable-next-line @typescript-eslint/switch-exhaustiveness-check -- the others are read as they are
  switch (column.type) {
    case 'RECORD':
      return fromRecord(value as Record<string, unknown>, column.columns ?? []);
    case 'INT64':
      return (value as bigint).toString();
    case 'NUMERIC':
      return decimal(value as Buffer, 9);
    case 'BIGNUMERIC':
      return decimal(value as Buffer, 38);
    case 'DATE':
      return new Date(Number(value) * DAY_MS).toISOString().slice(0, 10);
    case 'TIMESTAMP':
      return instant(value as bigint);
    case 'DATETIME':
      return instant(value as bigint).replace('Z', '');
    default:
      return value as JsonValue;
  }
}

function decimal(bytes: Buffer, scale: number): string {
  const unscaled = BigInt.asIntN(bytes.length * 8, BigInt(`0x${bytes.toString('hex')}`));
  const digits = (unscaled < 0n ? -unscaled : unscaled).toString().padStart(scale + 1, '0');
  return `${unscaled < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

function instant(micros: bigint): string {
  const fraction = ((micros % 1_000_000n) + 1_000_000n) % 1_000_000n;
  const seconds = new Date(Number((micros - fraction) / 1_000n)).toISOString().slice(0, 19);
  return `${seconds}.${fraction.toString().padStart(6, '0')}Z`;
}
