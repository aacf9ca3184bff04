import { randomUUID } from 'node:crypto';
import { BigqueryError, invalidQuery } from '../../rules/api-error.js';
import { refuseDroppedNames, withDroppedNames } from '../../rules/dropped-columns.js';
import { makeEtag } from '../../rules/etag.js';
import type { Field } from '../../rules/field-schema.js';
import { isJsonObject } from '../../rules/json.js';
import { checkSchema, checkTableId } from '../../rules/names.js';
import { type TableName, tableKey } from '../../rules/table-resource.js';
import { deleteEntry, storeEntry, type TableEntry } from '../../warehouse/catalog.js';
import { quoteName } from '../../warehouse/duckdb-types.js';
import { PARTITION_TIME, storedFields } from '../../warehouse/ingestion-time.js';
import { createPhysical, dropPhysical, nextPhysical, physicalName } from '../../warehouse/physical-tables.js';
import type { Warehouse } from '../../warehouse/warehouse.js';
import type { AlterAction } from './ddl-statement.js';

type Renaming = Extract<AlterAction, { kind: 'dropColumn' | 'renameColumn' | 'renameTo' }>;

/** A column that stays, with the one of before whose values it has. */
interface Kept {
  readonly field: Field;
  readonly before: Field;
}

/** True for actions that take columns or names away; the rows are rewritten for them. */
export function isRenaming(action: AlterAction): action is Renaming {
  return action.kind === 'dropColumn' || action.kind === 'renameColumn' || action.kind === 'renameTo';
}

/**
 * DROP COLUMN, RENAME COLUMN and RENAME TO, in the table's write queue and one transaction.
 *
 * Source: docs/reference/standard-sql/data-definition-language#alter_table_drop_column_statement, read 2026-11-29.
 */
export function renameParts(
  warehouse: Warehouse,
  name: TableName,
  actions: readonly AlterAction[],
): Promise<TableEntry> {
  return warehouse.runtime(name).writes.change(async () => {
    const present = warehouse.catalog.requireTable(name);
    if (present.kind === 'VIEW') throw invalidQuery(`Cannot alter the view ${tableKey(name)}`);
    const renamings = actions.filter(isRenaming);
    if (renamings.length < actions.length)
      throw invalidQuery(
        `ALTER TABLE cannot rename or drop in the same statement as other actions: table ${tableKey(name)}`,
      );
    const kept = renamings.reduce<readonly Kept[]>(
      (columns, action) => planned(present, columns, action),
      present.fields.map((field) => ({ field, before: field })),
    );
    const newName = renamings.find((action) => action.kind === 'renameTo')?.name;
    const settled = await warehouse.rows.settle(name);
    return warehouse.metadata.run(() =>
      write(warehouse, settled, kept, newName === undefined ? name : { ...name, tableId: newName }),
    );
  });
}

function planned(present: TableEntry, columns: readonly Kept[], action: Renaming): readonly Kept[] {
  if (action.kind === 'renameTo') return columns;
  const table = tableKey(present.name);
  const place = columns.findIndex(({ field }) => isSame(field.name, action.column));
  const column = columns[place];
  if (column === undefined) {
    if (action.ifExists) return columns;
    throw invalidQuery(`Column not found: ${action.column} in table ${table}`);
  }
  refuseKeys(present, column.before.name, action.kind === 'dropColumn' ? 'drop' : 'rename');
  if (action.kind === 'dropColumn') {
    if (columns.length === 1) throw invalidQuery(`Cannot drop the only column of table ${table}`);
    return columns.filter((other) => other !== column);
  }
  if (columns.some((other) => other !== column && isSame(other.field.name, action.to)))
    throw invalidQuery(`Column already exists: ${action.to} in table ${table}`);
  return columns.map((other) =>
    other === column ? { ...column, field: { ...column.field, name: action.to } } : other,
  );
}

function isSame(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

// What a table is partitioned or clustered by keeps its name.
function refuseKeys({ name, properties }: TableEntry, column: string, verb: string): void {
  const { timePartitioning, clustering } = properties;
  const partition = isJsonObject(timePartitioning) ? timePartitioning['field'] : undefined;
  const fields = isJsonObject(clustering) && Array.isArray(clustering['fields']) ? clustering['fields'] : [];
  const keys = [partition, ...(fields as unknown[])];
  if (keys.some((key) => typeof key === 'string' && isSame(key, column)))
    throw invalidQuery(
      `Cannot ${verb} column ${column} of table ${tableKey(name)}: the table is partitioned or clustered by it`,
    );
}

async function write(
  warehouse: Warehouse,
  settled: TableEntry,
  kept: readonly Kept[],
  name: TableName,
): Promise<TableEntry> {
  const { catalog, database, log, rows } = warehouse;
  checkTableId(name.tableId);
  const isRenamed = tableKey(name) !== tableKey(settled.name);
  if (isRenamed && catalog.table(name) !== undefined)
    throw new BigqueryError({ reason: 'duplicate', message: `Already Exists: Table ${tableKey(name)}` });
  const fields = kept.map(({ field }) => field);
  checkSchema(fields);
  const nowMs = warehouse.now();
  if (warehouse.reserveDroppedColumns) refuseDroppedNames(settled, settled.fields, fields, nowMs);
  const before = new Set(kept.map((column) => column.before.name));
  const dropped = settled.fields.map((field) => field.name).filter((column) => !before.has(column));
  const droppedColumns = withDroppedNames(settled.droppedColumns, dropped, nowMs);
  const etag = makeEtag(tableKey(name), randomUUID());
  const entry = await database.transaction(async (connection) => {
    const physical = await nextPhysical(connection);
    await createPhysical(connection, physical, storedFields({ ...settled, fields }));
    const own = settled.hasIngestionTime === true ? [PARTITION_TIME] : [];
    const columns = [...own, ...kept.map((column) => column.before)]
      .map(({ name: column }) => quoteName(column))
      .join(', ');
    await connection.run(
      `INSERT INTO ${physicalName(physical)} SELECT ${columns} FROM ${physicalName(settled.physical)}`,
    );
    await dropPhysical(connection, settled.physical);
    const made: TableEntry = {
      ...settled,
      name,
      physical,
      fields,
      modifiedMs: nowMs,
      etag,
      droppedColumns,
    };
    if (isRenamed) await deleteEntry(connection, 'table', tableKey(settled.name), log.last);
    await storeEntry(connection, 'table', tableKey(name), made, log.last);
    return made;
  });
  if (isRenamed) catalog.removeTable(settled.name);
  warehouse.forgetTable(settled.name);
  rows.touch(name);
  catalog.putTable(entry);
  rows.noteColumns(entry.physical, storedFields(entry));
  warehouse.announce(entry, true);
  return entry;
}
