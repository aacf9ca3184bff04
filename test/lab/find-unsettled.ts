import { readNote } from '@pipeline/schema-inference';
import { columnsOf } from '../harness/recorded-changes.js';
import type { Warehouse } from '../harness/warehouse.js';
import { countWaiting } from './value-times.js';

interface RetypedColumn {
  readonly table: string;
  readonly column: string;
  readonly type: string;
}

/** Names every value that promotion left where it was, and what `<table>_unique` lacks of a retyped column. */
export async function findUnsettled(
  warehouse: Warehouse,
  tables: readonly string[],
  retyped: RetypedColumn,
): Promise<string[]> {
  const findings: string[] = [];
  for (const table of tables) {
    const waiting = await countWaiting(warehouse.sql, table);
    if (waiting > 0) findings.push(`${waiting} rows of ${table} have a value that waits for its column`);
    findings.push(...(await leftInRetired(warehouse, table)));
  }
  return [...findings, ...(await checkView(warehouse, retyped))];
}

async function leftInRetired(warehouse: Warehouse, table: string): Promise<string[]> {
  const findings: string[] = [];
  for (const { name, mode, description } of await columnsOf(warehouse, table)) {
    if (readNote(description).retired !== true) continue;
    const hasValue = mode === 'REPEATED' ? `ARRAY_LENGTH(\`${name}\`) > 0` : `\`${name}\` IS NOT NULL`;
    const query = `SELECT COUNTIF(${hasValue}) AS c FROM ${warehouse.sql.name(table)}`;
    const [row] = await all(warehouse, query);
    if (Number(row?.['c']) > 0)
      findings.push(`${String(row?.['c'])} rows of ${table} have a value in the retired column ${name}`);
  }
  return findings;
}

/** Each event has `n`, and a code that is its number or text with it. */
async function checkView(warehouse: Warehouse, { table, column, type }: RetypedColumn): Promise<string[]> {
  const written = (await columnsOf(warehouse, table)).filter(
    ({ name, description }) => name.startsWith(column) && readNote(description).retired !== true,
  );
  const types = written.map((present) => present.type).join(', ');
  if (types !== type) return [`${column} of ${table} is ${types} instead of ${type}`];
  const view = `${table}_unique`;
  const name = warehouse.sql.name(view);
  const [row] = await all(warehouse, `SELECT * FROM ${name} LIMIT 1`);
  const names = Object.keys(row ?? {}).filter((key) => key.startsWith(column));
  if (names.join() !== column) return [`${view} has the columns ${names.join(', ')} instead of ${column}`];
  const [counted] = await all(
    warehouse,
    `SELECT COUNTIF(${column} IS NULL OR ${column} NOT IN (CAST(n AS STRING), CONCAT('c-', CAST(n AS STRING)))) AS c FROM ${name}`,
  );
  const wrong = Number(counted?.['c']);
  return wrong === 0 ? [] : [`${wrong} rows of ${view} have another ${column} than their event`];
}

async function all({ sql }: Warehouse, query: string): Promise<Readonly<Record<string, unknown>>[]> {
  const rows: Readonly<Record<string, unknown>>[] = [];
  for await (const row of sql.rows({ sql: query })) rows.push(row);
  return rows;
}
