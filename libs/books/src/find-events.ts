import { allRows, type Sql, type SqlParameter, type SqlQuery } from '@pipeline/google-clients';
import { BooksError } from './books.errors.js';
import type { Span } from './span.js';
import { numberOf, textOf } from './sql-row.js';
import { withTables, type TablesSelect } from './tables-union.js';

/** A condition on a column: `order_id = "o-1"`, `item.price > 9.5`. */
export interface ColumnCondition {
  /** Names joined by dots. */
  readonly column: string;
  readonly operator: string;
  /** A GoogleSQL literal. */
  readonly literal: string;
}

/** Messages that were found, the newest first; `total` is how many there are. */
export interface FoundMessages {
  readonly messages: readonly { readonly messageId: string; readonly publishedAt: string }[];
  readonly total: number;
}

export interface FindEventsOptions {
  readonly span: Span;
  readonly tables: readonly string[];
  readonly limit: number;
  /** Called with the bytes by dry run before the search; it may throw. */
  readonly onEstimate: (bytes: number) => Promise<void>;
}

const CONDITION = /^\s*([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)\s*(=|!=|<>|<=|>=|<|>|like)\s*(.+?)\s*$/i;

/**
 * Reads a condition; null for any other text, which is searched for as it is.
 *
 * Shape: a name, `=`, `!=`, `<>`, `<`, `<=`, `>`, `>=` or `LIKE`, and text in quotes, a number, TRUE, FALSE, a DATE or TIMESTAMP.
 */
export function parseCondition(text: string): ColumnCondition | null {
  const [, column, operator, value] = CONDITION.exec(text) ?? [];
  const literal = value === undefined ? null : toLiteral(value);
  if (column === undefined || operator === undefined || literal === null) return null;
  return { column, operator: operator.toUpperCase(), literal };
}

function toLiteral(value: string): string | null {
  if (/^-?\d+(\.\d+)?$/.test(value) || /^(true|false)$/i.test(value)) return value.toUpperCase();
  const [, type = '', quote, body] =
    /^(?:(DATE|TIMESTAMP|DATETIME|NUMERIC)\s+)?(["'])(.*)\2$/is.exec(value) ?? [];
  if (quote === undefined || body === undefined) return null;
  // The escapes of JSON are escapes of GoogleSQL too.
  return `${type.toUpperCase()}${type === '' ? '' : ' '}${JSON.stringify(body)}`;
}

/**
 * Searches the bytes of the archive and of dead letters, and every column of the rows, for a text. Payloads are read in
 * BigQuery and not returned.
 */
export async function findText(sql: Sql, text: string, options: FindEventsOptions): Promise<FoundMessages> {
  const inJson = JSON.stringify(text).slice(1, -1);
  const contains = (expression: string): string =>
    `(STRPOS(${expression}, @text) > 0 OR STRPOS(${expression}, @in_json) > 0)`;
  const letterBytes = `IFNULL(SAFE_CONVERT_BYTES_TO_STRING(FROM_BASE64(JSON_VALUE(data, '$.data'))), '')`;
  return search(sql, options, {
    select: (table) =>
      `SELECT _message_id AS id, _publish_time AS published_at FROM ${sql.name(table)} AS t WHERE _publish_time >= @span_from AND _publish_time < @span_to AND ${contains('TO_JSON_STRING(t)')}`,
    others: [
      `SELECT message_id AS id, publish_time AS published_at FROM ${sql.archiveName('_raw_events')} WHERE publish_time >= @span_from AND publish_time < @span_to AND (${contains(`IFNULL(SAFE_CONVERT_BYTES_TO_STRING(data), '')`)} OR ${contains('TO_JSON_STRING(attributes)')})`,
      `SELECT JSON_VALUE(data, '$.message_id') AS id, publish_time AS published_at FROM ${sql.name('_dead_letters')} WHERE publish_time >= @span_from AND publish_time < @span_to AND JSON_VALUE(data, '$.message_id') IS NOT NULL AND ${contains(letterBytes)}`,
    ],
    parameters: { text, in_json: inJson },
  });
}

/**
 * Searches the rows whose column meets a condition, in every table that has the column.
 *
 * @throws BooksError `NO_SUCH_COLUMN` if no table has it
 */
export async function findByColumn(
  sql: Sql,
  { column, operator, literal }: ColumnCondition,
  options: FindEventsOptions,
): Promise<FoundMessages> {
  const rows = await allRows(sql, {
    sql: `SELECT DISTINCT table_name FROM ${sql.name('INFORMATION_SCHEMA.COLUMN_FIELD_PATHS')} WHERE field_path = @column AND table_name IN UNNEST(@tables) ORDER BY table_name`,
    parameters: { column, tables: options.tables },
  });
  const tables = rows.map((row) => textOf(row, 'table_name'));
  if (tables.length === 0)
    throw new BooksError({ code: 'NO_SUCH_COLUMN', message: `no event table has a column ${column}` });
  const path = column
    .split('.')
    .map((name) => `\`${name}\``)
    .join('.');
  return search(
    sql,
    { ...options, tables },
    {
      select: (table) =>
        `SELECT _message_id AS id, _publish_time AS published_at FROM ${sql.name(table)} WHERE _publish_time >= @span_from AND _publish_time < @span_to AND ${path} ${operator} ${literal}`,
      others: [],
      parameters: {},
    },
  );
}

interface Search {
  readonly select: (table: string) => string;
  readonly others: readonly string[];
  readonly parameters: Readonly<Record<string, SqlParameter>>;
}

function search(
  sql: Sql,
  { span, tables, limit, onEstimate }: FindEventsOptions,
  { select, others, parameters: own }: Search,
): Promise<FoundMessages> {
  const parameters = { ...own, span_from: span.from, span_to: span.to };
  const query: TablesSelect = {
    columns: { id: 'STRING', published_at: 'TIMESTAMP' },
    select,
    others,
    parameters,
  };
  return withTables(sql, tables, query, async (source) => {
    const statement: SqlQuery = {
      sql: `SELECT id, MIN(published_at) AS published_at, COUNT(*) OVER () AS total FROM ${source} GROUP BY id ORDER BY published_at DESC, id LIMIT ${limit}`,
      parameters,
    };
    await onEstimate(await sql.estimateBytes(statement));
    const rows = await allRows(sql, statement);
    return {
      messages: rows.map((row) => ({
        messageId: textOf(row, 'id'),
        publishedAt: textOf(row, 'published_at'),
      })),
      total: numberOf(rows[0], 'total'),
    };
  });
}
