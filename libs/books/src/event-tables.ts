import { allRows, type Sql } from '@pipeline/google-clients';
import { BooksError } from './books.errors.js';
import { textOf } from './sql-row.js';

/**
 * The event tables of the dataset by name: every table with the columns `_message_id` and `_publish_time`, views excepted.
 * A table that a user made of some columns of an event table is not one.
 */
export async function listEventTables(sql: Sql): Promise<string[]> {
  const rows = await allRows(sql, {
    sql: `SELECT columns.table_name AS table_name
FROM ${sql.name('INFORMATION_SCHEMA.COLUMNS')} AS columns
JOIN ${sql.name('INFORMATION_SCHEMA.TABLES')} AS tables ON tables.table_name = columns.table_name
WHERE tables.table_type = 'BASE TABLE' AND (
  (columns.column_name = '_message_id' AND columns.data_type = 'STRING') OR
  (columns.column_name = '_publish_time' AND columns.data_type = 'TIMESTAMP'))
GROUP BY columns.table_name HAVING COUNT(*) = 2
ORDER BY columns.table_name`,
  });
  return rows.map((row) => textOf(row, 'table_name'));
}

/**
 * The event tables to which a contract was applied, whatever its verbs are now: only their values can wait for an approval, so that
 * a dataset without contracts costs nothing to watch.
 *
 * The verbs are labels of the table and `pipeline:` lines of columns. Source: BigQuery INFORMATION_SCHEMA, TABLE_OPTIONS and
 * COLUMN_FIELD_PATHS, from memory.
 */
export async function listContractTables(sql: Sql): Promise<string[]> {
  const rows = await allRows(sql, {
    sql: `SELECT DISTINCT table_name FROM (
  SELECT table_name FROM ${sql.name('INFORMATION_SCHEMA.TABLE_OPTIONS')}
  WHERE option_name = 'labels' AND (STRPOS(option_value, '"pipeline_new_columns"') > 0 OR STRPOS(option_value, '"pipeline_type_changes"') > 0)
  UNION ALL
  SELECT table_name FROM ${sql.name('INFORMATION_SCHEMA.COLUMN_FIELD_PATHS')}
  WHERE STRPOS(description, '"newColumns"') > 0 OR STRPOS(description, '"typeChanges"') > 0
)`,
  });
  if (rows.length === 0) return [];
  const verbs = new Set(rows.map((row) => textOf(row, 'table_name')));
  return (await listEventTables(sql)).filter((table) => verbs.has(table));
}

/** Of these tables, those with JSON columns of these names: a table made by hand gets the pipeline's with its first event. */
export async function tablesWithJson(
  sql: Sql,
  tables: readonly string[],
  names: readonly string[],
): Promise<string[]> {
  if (tables.length === 0) return [];
  const rows = await allRows(sql, {
    sql: `SELECT table_name FROM ${sql.name('INFORMATION_SCHEMA.COLUMNS')} WHERE column_name IN UNNEST(@names) AND data_type = 'JSON' AND table_name IN UNNEST(@tables) GROUP BY table_name HAVING COUNT(*) = ${names.length} ORDER BY table_name`,
    parameters: { tables, names },
  });
  return rows.map((row) => textOf(row, 'table_name'));
}

/**
 * The event tables with these names.
 *
 * @throws BooksError `NO_SUCH_TABLE` with the nearest name
 */
export async function namedEventTables(sql: Sql, names: readonly string[]): Promise<string[]> {
  const existing = await listEventTables(sql);
  for (const name of names) {
    if (existing.includes(name)) continue;
    const nearest = nearestName(name, existing);
    const hint = nearest === null ? '' : `; did you mean ${nearest}?`;
    throw new BooksError({ code: 'NO_SUCH_TABLE', message: `there is no event table ${name}${hint}` });
  }
  return [...new Set(names)];
}

/** The name with the fewest edits, if it differs in less than half of its letters. */
export function nearestName(name: string, names: readonly string[]): string | null {
  const ranked = names
    .map((candidate) => ({ candidate, edits: editDistance(name, candidate) }))
    .sort((left, right) => left.edits - right.edits);
  const [best] = ranked;
  return best !== undefined && best.edits <= best.candidate.length / 2 ? best.candidate : null;
}

/** Insertions, deletions and replacements between two texts (Levenshtein). */
function editDistance(left: string, right: string): number {
  let previous = Array.from({ length: right.length + 1 }, (_unused, index) => index);
  for (let row = 0; row < left.length; row++) {
    const current = [row + 1];
    for (let column = 1; column <= right.length; column++) {
      const replaced = (previous[column - 1] ?? 0) + (left[row] === right[column - 1] ? 0 : 1);
      current.push(Math.min(replaced, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous.at(-1) ?? 0;
}
