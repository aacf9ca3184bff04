import { setImmediate } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { ObjectReader } from '../../ports.js';
import { cancellationOf } from '../cancellation.js';
import { alterTable, putTable } from '../operations/table-operations.js';
import { BigqueryError, type ErrorProto, invalid } from '../rules/api-error.js';
import type { Field } from '../rules/field-schema.js';
import { tableKey } from '../rules/table-resource.js';
import { type TableEntry, withCurrentTables } from '../warehouse/catalog.js';
import { encodeRow } from '../warehouse/row-text.js';
import type { Warehouse } from '../warehouse/warehouse.js';
import type { LoadConfiguration } from './load-configuration.js';
import { type BadRecord, badRecordProto, tooManyBadRecords, unreadable } from './load-failure.js';
import { type LoadPlan, planLoad, stillHolds } from './load-plan.js';
import { filesOfUris, type LoadFile, unpacked } from './load-source.js';
import { AvroFailure } from './avro-container.js';
import { type OpenedFile, OPENERS } from './open-file.js';

/** Rows of one job, encoded, in characters: they are in memory until all of them are known to be good. */
const MAX_LOAD_CHARACTERS = 512 * 1024 * 1024;

/** Rows between two pauses in which other requests are answered. */
const ROWS_PER_TURN = 500;

/** `statistics.load` of a finished job, and the bad records that it was allowed to skip. */
export interface LoadResult {
  readonly inputFiles: number;
  readonly inputFileBytes: number;
  readonly outputRows: number;
  readonly outputBytes: number;
  readonly badRecords: number;
  readonly warnings: readonly ErrorProto[];
}

interface Records {
  readonly texts: string[];
  characters: number;
  rows: number;
  inputFileBytes: number;
  readonly bad: BadRecord[];
}

/**
 * Runs a load job: reads every record first, then changes the table in one step, so that a bad record loads nothing.
 *
 * `upload` is the content that the request brought; without it, the job reads its `sourceUris`.
 * Errors: {@link BigqueryError}, {@link LoadFailure} for records.
 */
export async function runLoad(
  warehouse: Warehouse,
  load: LoadConfiguration,
  sources: {
    readonly upload: AsyncIterable<Uint8Array> | undefined;
    readonly objects: ObjectReader | undefined;
  },
): Promise<LoadResult> {
  const { table } = load;
  warehouse.catalog.requireDataset(table.projectId, table.datasetId);
  const files = filesOf(load, sources);
  const records: Records = { texts: [], characters: 0, rows: 0, inputFileBytes: 0, bad: [] };
  const present = await warehouse.statements.run(() =>
    withCurrentTables(() => presentTable(warehouse, load)),
  );
  const plan = await readFiles(load, files, present, records);
  await warehouse.statements.run(() =>
    warehouse.runtime(table).writes.change(() => apply(warehouse, load, plan, records.texts)),
  );
  return {
    inputFiles: files.length,
    inputFileBytes: records.inputFileBytes,
    outputRows: records.texts.length,
    outputBytes: records.characters,
    badRecords: records.bad.length,
    warnings: records.bad.map(badRecordProto),
  };
}

function filesOf(
  load: LoadConfiguration,
  { upload, objects }: Parameters<typeof runLoad>[2],
): readonly LoadFile[] {
  if (upload === undefined) {
    if (load.sourceUris.length > 0) return filesOfUris(load.sourceUris, objects);
    throw new BigqueryError({
      reason: 'required',
      message: 'Required parameter is missing: sourceUris',
      location: 'sourceUris',
    });
  }
  if (load.sourceUris.length > 0) throw invalid('A job has sourceUris or an upload, not both.', 'sourceUris');
  return [{ uri: undefined, content: upload }];
}

async function presentTable(
  warehouse: Warehouse,
  load: LoadConfiguration,
): Promise<{ readonly entry: TableEntry; readonly isEmpty: boolean } | undefined> {
  const entry = warehouse.catalog.table(load.table);
  if (entry === undefined) return undefined;
  const isEmpty = load.write === 'WRITE_EMPTY' && (await warehouse.rows.count(entry)) === 0n;
  return { entry, isEmpty };
}

/** A plan with the schema of the files, if they have one. */
interface FilePlan extends LoadPlan {
  readonly source: readonly Field[] | undefined;
}

/** Reads all files; those with a schema of their own (Avro) take part in the plan. */
async function readFiles(
  load: LoadConfiguration,
  files: readonly LoadFile[],
  present: Parameters<typeof planLoad>[1],
  records: Records,
): Promise<FilePlan> {
  const opened = OPENERS[load.format];
  let plan: FilePlan | undefined;
  for (const file of files) {
    const content = unpacked(file, (bytes) => {
      records.inputFileBytes += bytes;
    });
    try {
      const { source, read } = await opened(load, { uri: file.uri, content });
      plan ??= { ...planLoad(load, present, source), source };
      await keepRecords(load, { uri: file.uri, rows: read(plan) }, plan, records);
    } catch (error) {
      throw error instanceof AvroFailure ? unreadable(error.message, file.uri) : error;
    }
  }
  return plan ?? { ...planLoad(load, present, undefined), source: undefined };
}

async function keepRecords(
  load: LoadConfiguration,
  file: { readonly uri: string | undefined; readonly rows: ReturnType<OpenedFile['read']> },
  plan: LoadPlan,
  records: Records,
): Promise<void> {
  // Files of Avro have no bad records to spare.
  const maxBadRecords = load.format === 'AVRO' ? 0 : load.maxBadRecords;
  for await (const record of file.rows) {
    records.rows += 1;
    if (record.kind === 'row') keep(records, encodeRow(record.cells, plan.fields));
    else {
      records.bad.push({ message: record.message, file: file.uri });
      if (records.bad.length > maxBadRecords)
        throw tooManyBadRecords(load.format, records.bad, { rows: records.rows, errors: records.bad.length });
    }
    if (records.rows % ROWS_PER_TURN !== 0) continue;
    cancellationOf()?.throwIfAborted();
    await setImmediate();
  }
}

function keep(records: Records, text: string): void {
  records.texts.push(text);
  records.characters += text.length;
  if (records.characters > MAX_LOAD_CHARACTERS)
    throw new BigqueryError({
      reason: 'resourcesExceeded',
      message: `A load job of this server has at most ${MAX_LOAD_CHARACTERS} characters of rows: split the file.`,
    });
}

/** Runs in the table's write queue; the table may have changed since `plan` was made. */
async function apply(
  warehouse: Warehouse,
  load: LoadConfiguration,
  plan: FilePlan,
  texts: readonly string[],
): Promise<void> {
  const present = await presentTable(warehouse, load);
  const { action, fields } = planLoad(load, present, plan.source);
  if (!stillHolds(plan.visible, fields))
    throw new BigqueryError({
      reason: 'backendError',
      message: `Table ${tableKey(load.table)} changed while the job ran: retry the job.`,
    });
  checkPartitioning(load, present?.entry);
  cancellationOf()?.throwIfAborted();
  if (action === 'append' && present !== undefined) {
    const { entry } = present;
    const isChanged = entry.fields !== fields;
    const current = isChanged
      ? await alterTable(warehouse, load.table, undefined, () => ({ fields }))
      : entry;
    await warehouse.rows.load(current, texts);
    return;
  }
  await putTable(warehouse, {
    name: load.table,
    kind: 'TABLE',
    fields,
    properties: { ...present?.entry.properties, ...load.properties },
    replace: true,
    isSameTable: action === 'replace',
    fill: (connection, entry) => warehouse.rows.fill(connection, entry, texts),
  });
}

// Partitioning and clustering belong to a table from its start.
function checkPartitioning(load: LoadConfiguration, entry: TableEntry | undefined): void {
  if (entry === undefined) return;
  for (const key of ['timePartitioning', 'rangePartitioning', 'clustering'] as const) {
    const wanted = load.properties[key];
    if (wanted === undefined || isDeepStrictEqual(wanted, entry.properties[key])) continue;
    throw invalid(
      `Incompatible table partitioning specification. Table ${tableKey(entry.name)} has ${key} ${described(entry.properties[key])}, the job ${described(wanted)}.`,
    );
  }
}

function described(value: unknown): string {
  return value === undefined ? 'none' : JSON.stringify(value);
}
