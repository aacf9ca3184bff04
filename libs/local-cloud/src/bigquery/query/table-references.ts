import type { Field } from '../rules/field-schema.js';
import type { TableEntry } from '../warehouse/catalog.js';
import { duckType, quoteName } from '../warehouse/duckdb-types.js';

/** Texts and quoted names of DuckDB SQL. */
const QUOTED = /'(?:[^']|'')*'|"(?:[^"]|"")*"/g;
// No column can have `$` in its name.
const REFERENCE = /^"\$table(\d+)"$/;

/** Columns of a table that a statement uses, and the SQL to read them. */
export type ReadColumns = (entry: TableEntry, fields: readonly Field[], condition?: string) => string;

/**
 * Tables that a translation reads, as names that are replaced once the whole statement is written.
 *
 * Only then are the columns in use known. Recent rows, and rows of an earlier schema, cost time for every column that is
 * read, so that a query of a wide table costs as much as its own columns.
 */
export class TableReferences {
  readonly #entries: TableEntry[] = [];
  readonly #conditions = new Map<string, string>();

  /** A name for the table's rows in the SQL. */
  add(entry: TableEntry): string {
    return `"$table${this.#entries.push(entry) - 1}"`;
  }

  /** Notes that the statement reads only the rows of a reference that meet a condition. */
  prune(reference: string, condition: string): void {
    this.#conditions.set(reference, condition);
  }

  /** The SQL with each reference replaced by what `read` gives for the columns in use and its condition. */
  resolve(sql: string, read: ReadColumns): string {
    if (this.#entries.length === 0) return sql;
    const used = new Set(sql.match(QUOTED));
    return sql.replaceAll(QUOTED, (quoted) => {
      const index = REFERENCE.exec(quoted)?.[1];
      const entry = index === undefined ? undefined : this.#entries[Number(index)];
      if (entry === undefined) return quoted;
      const fields = entry.fields.filter((field) => used.has(quoteName(field.name)));
      return read(entry, fields.length > 0 ? fields : entry.fields.slice(0, 1), this.#conditions.get(quoted));
    });
  }
}

/**
 * A table with the columns whose names a statement's text mentions, whatever they mean there. Those of `*` alone are left
 * out: they change nothing in whether DuckDB accepts the statement.
 */
export function mentionedColumns(entry: TableEntry, text: string): TableEntry {
  const words = new Set(text.toLowerCase().match(/[\p{L}\p{N}_]+|`[^`]*`/gu));
  const fields = entry.fields.filter(({ name }) => {
    const lower = name.toLowerCase();
    return words.has(lower) || words.has(`\`${lower}\``) || !/^[\p{L}\p{N}_]+$/u.test(lower);
  });
  return { ...entry, fields: fields.length > 0 ? fields : entry.fields.slice(0, 1) };
}

/** A relation without rows that has the columns: enough to check a query. */
export function emptyRelation(fields: readonly Field[]): string {
  const values = fields.map((field) => `CAST(NULL AS ${duckType(field)}) AS ${quoteName(field.name)}`);
  return `(SELECT ${values.join(', ')} WHERE FALSE)`;
}
