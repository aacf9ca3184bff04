import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import {
  buildRow,
  compileSchema,
  decodeEvent,
  fit,
  PIPELINE_COLUMNS,
  plan,
  routeEventType,
  type Column,
  type ColumnType,
  type Fitted,
  type PlannedChange,
  type TableSchema,
} from '@pipeline/schema-inference';
import { readCheckedTable, readSections, type Block } from './schema-page.builder.js';

const page = readFileSync(fileURLToPath(new URL('../../docs/SCHEMA.md', import.meta.url)), 'utf8');
const EMPTY: TableSchema = { columns: PIPELINE_COLUMNS, closed: false };

interface Outcome {
  readonly schema: TableSchema;
  readonly changes: readonly PlannedChange[];
  readonly row: Readonly<Record<string, unknown>>;
}

/** Handles one event as the services do: the table is changed for it, then its row is written. */
function take(json: string, schema: TableSchema): Outcome {
  const decoded = decodeEvent({ data: Buffer.from(json), attributes: { event_type: 'example' } });
  if (decoded.kind === 'rejected') throw new Error(`the page's example is rejected: ${decoded.code}`);
  const planned = plan(schema, [fit(decoded.event, compileSchema(schema)).pending]);
  const fitted: Fitted = fit(decoded.event, compileSchema(planned.schema));
  const built = buildRow(
    { messageId: 'm-1', publishTime: '2024-01-15T10:30:00Z' },
    decoded.event,
    fitted,
    '2024-01-15T10:30:01Z',
  );
  if (built.kind === 'rejected') throw new Error(`the page's example is rejected: ${built.code}`);
  return { schema: planned.schema, changes: planned.changes, row: built.row };
}

function toLines(columns: readonly Column[], parent = ''): readonly string[] {
  return columns.flatMap((column) => {
    const type = column.mode === 'REPEATED' ? `REPEATED ${column.type}` : column.type;
    return [`${parent}${column.name} ${type}`, ...toLines(column.columns ?? [], `${parent}${column.name}.`)];
  });
}

const ownColumns = (schema: TableSchema): readonly Column[] => schema.columns.slice(PIPELINE_COLUMNS.length);

function toChangeLine(change: PlannedChange): string {
  const path = change.path.join('.');
  if (change.kind === 'ADD_COLUMN') return `add ${path} ${change.column.type}`;
  if (change.kind === 'WIDEN') return `widen ${path} ${change.from} → ${change.to}`;
  return `${change.kind} ${path}`;
}

function ownValues(row: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const own = Object.entries(row).filter(
    ([name]) => !PIPELINE_COLUMNS.some((column) => column.name === name),
  );
  return Object.fromEntries(own.filter(([, value]) => value !== null));
}

const words = (text: string): readonly string[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.trim().replace(/ +/g, ' '));

function check(block: Block, { schema, changes, row }: Outcome): void {
  const overflow: unknown = typeof row['_overflow'] === 'string' ? JSON.parse(row['_overflow']) : {};
  switch (block.info) {
    case 'text columns':
      expect(toLines(ownColumns(schema))).toEqual(words(block.text));
      return;
    case 'text changes':
      expect(changes.map(toChangeLine)).toEqual(words(block.text));
      return;
    case 'json row':
      expect(ownValues(row)).toEqual(JSON.parse(block.text));
      return;
    case 'json overflow':
      expect(overflow).toEqual(JSON.parse(block.text));
      return;
    case 'sql':
    case 'sh':
      // They need a pipeline.
      return;
    default:
      throw new Error(`line ${block.line}: no such example: ${block.info}`);
  }
}

describe('docs/SCHEMA.md, examples', () => {
  const sections = readSections(page).filter(({ blocks }) => blocks.length > 0);

  it.each(sections)('$heading', ({ blocks }) => {
    let outcome: Outcome = { schema: EMPTY, changes: [], row: {} };
    for (const block of blocks) {
      if (block.info === 'json event') outcome = take(block.text, outcome.schema);
      else check(block, outcome);
    }

    expect(blocks.some((block) => block.info !== 'json event')).toBe(true);
  });
});

describe('docs/SCHEMA.md, tables', () => {
  const values = readCheckedTable(page, 'values').flatMap(([cells = [], columns = []]) =>
    cells.map((value) => [value, columns[0] ?? ''] as const),
  );
  it.each(values)('a first %s makes %s', (value, column) => {
    const { schema } = take(`{"v":${value}}`, EMPTY);

    expect(toLines(ownColumns(schema))[0] ?? '—').toBe(column === '—' ? '—' : `v ${column}`);
  });

  const routes = readCheckedTable(page, 'routes').map(
    ([[type = ''] = [], [table = ''] = []]) => [type, table] as const,
  );
  it.each(routes)('the type %s has the table %s', (type, table) => {
    expect(routeEventType(type)).toBe(table);
  });

  const names = readCheckedTable(page, 'names').map(
    ([[key = ''] = [], [name = ''] = []]) => [key, name] as const,
  );
  it.each(names)('the key %s has the column %s', (key, name) => {
    const { schema } = take(JSON.stringify({ [key]: 1 }), EMPTY);

    expect(ownColumns(schema).map((column) => column.name)).toEqual([name]);
  });

  const outcomes = readCheckedTable(page, 'overflow').flatMap(
    ([[column = ''] = [], cells = [], [reason = ''] = []]) =>
      cells.map((value) => [column, value, reason] as const),
  );
  it.each(outcomes)('%s and %s: %s', (column, value, reason) => {
    const isRepeated = column.startsWith('REPEATED ');
    const type = column.replace('REPEATED ', '') as ColumnType;
    const table: TableSchema = {
      columns: [...PIPELINE_COLUMNS, { name: 'v', type, mode: isRepeated ? 'REPEATED' : 'NULLABLE' }],
      closed: false,
    };

    const { changes, row } = take(`{"v":${value}}`, table);

    const overflow = (typeof row['_overflow'] === 'string' ? JSON.parse(row['_overflow']) : {}) as Record<
      string,
      { readonly reason: string }
    >;
    expect(changes).toEqual([]);
    expect(overflow['/v']?.reason ?? 'fits').toBe(reason);
  });
});
