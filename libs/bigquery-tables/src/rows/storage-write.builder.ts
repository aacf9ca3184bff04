import { startBigqueryEmulator } from '@pipeline/local-cloud';
import type { Column } from '@pipeline/schema-inference';
import { createRowAppender } from './create-row-appender.js';
import type { RowAppender } from './row-appender.port.js';
import { parseInstant, toMicros } from '@pipeline/schema-inference';

const PROJECT = 'local-project';
const DATASET = 'events';

/** The embedded BigQuery, spoken to over HTTP, with an appender of its Storage Write API. */
export class StorageWriteBed {
  private constructor(
    private readonly emulator: Awaited<ReturnType<typeof startBigqueryEmulator>>,
    /** The Storage Write API's requests in order: method and status. */
    readonly requests: readonly string[],
  ) {}

  static async start(): Promise<StorageWriteBed> {
    const requests: string[] = [];
    const emulator = await startBigqueryEmulator({
      host: '127.0.0.1',
      port: 0,
      log: ({ service, method, status }) => {
        if (service === 'bigquery-storage') requests.push(`${method} ${status}`);
      },
    });
    const bed = new StorageWriteBed(emulator, requests);
    await bed.call('POST', 'datasets', { datasetReference: { datasetId: DATASET } });
    return bed;
  }

  appender(limits: Parameters<typeof createRowAppender>[1] = {}): RowAppender {
    const endpoint = `127.0.0.1:${this.emulator.storageWritePort}`;
    return createRowAppender({ projectId: PROJECT, datasetId: DATASET, endpoint }, limits);
  }

  async create(tableId: string, columns: readonly Column[]): Promise<void> {
    await this.call('POST', `datasets/${DATASET}/tables`, {
      tableReference: { tableId },
      schema: { fields: columns.map(toField) },
    });
  }

  async change(tableId: string, columns: readonly Column[]): Promise<void> {
    await this.call('PATCH', `datasets/${DATASET}/tables/${tableId}`, {
      schema: { fields: columns.map(toField) },
    });
  }

  async drop(tableId: string): Promise<void> {
    await this.call('DELETE', `datasets/${DATASET}/tables/${tableId}`);
  }

  async fail(fault: object): Promise<void> {
    await this.send('POST', 'admin/faults', fault);
  }

  /** Columns and tables made from now on are unknown to writers for so long. */
  async lag(milliseconds: number): Promise<void> {
    await this.send('PUT', 'admin/metadata-lag', { milliseconds });
  }

  /** Every row, in the form that {@link comparable} gives the rows that were appended. */
  async rows(tableId: string, columns: readonly Column[]): Promise<readonly unknown[]> {
    const query = 'maxResults=10000&formatOptions.useInt64Timestamp=true';
    const answer = await this.call('GET', `datasets/${DATASET}/tables/${tableId}/data?${query}`);
    const rows = (answer as { readonly rows?: readonly Cell[] }).rows ?? [];
    return rows.map((row) => readRecord(row, columns));
  }

  async stop(): Promise<void> {
    await this.emulator.stop();
  }

  private call(method: string, path: string, body?: object): Promise<unknown> {
    return this.send(method, `bigquery/v2/projects/${PROJECT}/${path}`, body);
  }

  private async send(method: string, path: string, body?: object): Promise<unknown> {
    const response = await fetch(`http://127.0.0.1:${this.emulator.port}/${path}`, {
      method,
      ...(body === undefined
        ? {}
        : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === '' ? null : (JSON.parse(text) as unknown);
  }
}

function toField({ name, type, mode, columns }: Column): object {
  return { name, type, mode, ...(columns === undefined ? {} : { fields: columns.map(toField) }) };
}

interface Cell {
  readonly f?: readonly { readonly v: unknown }[];
}

function readRecord(record: Cell, columns: readonly Column[]): unknown {
  const entries = columns.map((column, index): [string, unknown] => {
    const value = record.f?.[index]?.v ?? null;
    if (column.mode !== 'REPEATED') return [column.name, value === null ? null : readOne(value, column)];
    return [column.name, (value as readonly { readonly v: unknown }[]).map(({ v }) => readOne(v, column))];
  });
  return withoutEmpty(entries);
}

function readOne(value: unknown, column: Column): unknown {
  if (column.type === 'RECORD') return readRecord(value as Cell, column.columns ?? []);
  if (column.type === 'JSON') return { json: JSON.parse(value as string) as unknown };
  if (column.type === 'FLOAT64') return Number(value);
  return column.type === 'DATETIME' ? shortest(value as string) : value;
}

/** A time without zeros at the end of its fraction. */
function shortest(datetime: string): string {
  return datetime.replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '');
}

/** A row as it was appended, in a form in which equal values are deeply equal. */
export function comparable(row: unknown, columns: readonly Column[]): unknown {
  const values = (row ?? {}) as Readonly<Record<string, unknown>>;
  const entries = columns.map((column): [string, unknown] => {
    const value = Object.hasOwn(values, column.name) ? (values[column.name] ?? null) : null;
    if (value === null) return [column.name, null];
    if (column.mode !== 'REPEATED') return [column.name, comparableOne(value, column)];
    return [column.name, (value as readonly unknown[]).map((element) => comparableOne(element, column))];
  });
  return withoutEmpty(entries);
}

function comparableOne(value: unknown, { type, columns = [] }: Column): unknown {
  if (type === 'RECORD') return comparable(value, columns);
  if (type === 'JSON') return { json: JSON.parse(value as string) as unknown };
  if (type === 'FLOAT64') return value === 0 ? 0 : value;
  if (type === 'DATETIME') return shortest(value as string);
  const instant = type === 'TIMESTAMP' ? parseInstant(value as string) : null;
  return String(instant === null ? value : toMicros(instant));
}

/** Arrays of pairs, because `__proto__` is a column name like any other; without what has no value in it. */
function withoutEmpty(entries: readonly [string, unknown][]): unknown {
  return entries.filter(([, value]) => value !== null && !(Array.isArray(value) && value.every(isEmpty)));
}

function isEmpty(value: unknown): boolean {
  return value === null || (Array.isArray(value) && value.every(isEmpty));
}

/** Rows that are on one side only, as text, three of each side at most. */
export function differences(read: readonly unknown[], appended: readonly unknown[]): readonly string[] {
  const texts = (rows: readonly unknown[]): ReadonlySet<string> =>
    new Set(rows.map((row) => JSON.stringify(row)));
  const [left, right] = [texts(read), texts(appended)];
  const onlyIn = (some: ReadonlySet<string>, others: ReadonlySet<string>): readonly string[] =>
    [...some].filter((text) => !others.has(text)).slice(0, 3);
  return [
    ...(read.length === appended.length ? [] : [`${read.length} rows read, ${appended.length} appended`]),
    ...onlyIn(left, right).map((text) => `read: ${text}`),
    ...onlyIn(right, left).map((text) => `appended: ${text}`),
  ];
}
