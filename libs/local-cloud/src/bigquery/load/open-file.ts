import { compileRows } from '../rules/row-coercion.js';
import type { Field } from '../rules/field-schema.js';
import { avroColumns } from './avro-columns.js';
import { openAvro } from './avro-container.js';
import { type CsvRecord, csvRecords } from './csv-records.js';
import { DETECTED_RECORDS, detectCsv, detectDelimiter } from './csv-schema.js';
import type { LoadConfiguration } from './load-configuration.js';
import type { LoadPlan } from './load-plan.js';
import type { LoadFile } from './load-source.js';
import { readAvro } from './read-avro.js';
import { readCsv } from './read-csv.js';
import { readJson } from './read-json.js';
import type { RecordResult } from './record-result.js';

/** A file whose schema, if it has one, is known, and whose rows can be read once the table's is. */
export interface OpenedFile {
  readonly source: readonly Field[] | undefined;
  readonly read: (plan: LoadPlan) => AsyncIterable<RecordResult> | Iterable<RecordResult>;
}

/** Opens files of each format. */
export const OPENERS: Readonly<
  Record<LoadConfiguration['format'], (load: LoadConfiguration, file: LoadFile) => Promise<OpenedFile>>
> = { NEWLINE_DELIMITED_JSON: openJsonFile, AVRO: openAvroFile, CSV: openCsvFile };

function openJsonFile(load: LoadConfiguration, file: LoadFile): Promise<OpenedFile> {
  return Promise.resolve({
    source: undefined,
    read: (plan) =>
      readJson(file.content, compileRows(plan.fields, plan.visible, { jsonStrings: 'value' }), {
        ignoreUnknown: load.ignoreUnknownValues,
      }),
  });
}

async function openAvroFile(load: LoadConfiguration, file: LoadFile): Promise<OpenedFile> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of file.content) chunks.push(chunk);
  const avro = openAvro(Buffer.concat(chunks));
  const columns = avroColumns(avro.schema, {
    useLogicalTypes: load.useAvroLogicalTypes,
    decimalTargets: load.decimalTargets,
  });
  return {
    source: columns.map(({ field }) => field),
    read: (plan) =>
      readAvro(avro.records, columns, { fields: plan.fields, ignoreUnknown: load.ignoreUnknownValues }),
  };
}

async function openCsvFile(load: LoadConfiguration, file: LoadFile): Promise<OpenedFile> {
  const options = { ...load.csv, ignoreUnknown: load.ignoreUnknownValues };
  const chunks = file.content[Symbol.asyncIterator]();
  const first = await chunks.next();
  const begin = first.done === true ? new Uint8Array() : first.value;
  const [line = ''] = Buffer.from(begin).toString(options.encoding).split('\n', 1);
  const delimiter = options.delimiter ?? detectDelimiter(line);
  const records = csvRecords(following([begin], chunks), { ...options, delimiter });
  if (!options.autodetect || load.fields !== undefined) {
    const leading = options.skipLeadingRows ?? 0;
    return { source: undefined, read: (plan) => readCsv(withoutFirst(leading, records), plan, options) };
  }
  const head: CsvRecord[] = [];
  for (let count = 0; count < DETECTED_RECORDS; count += 1) {
    const next = await records.next();
    if (next.done === true) break;
    head.push(next.value);
  }
  const { fields, leadingRecords } = detectCsv(head, options);
  const all = withoutFirst(leadingRecords, following(head, records));
  return { source: fields, read: (plan) => readCsv(all, plan, options) };
}

async function* following<T>(first: readonly T[], rest: AsyncIterator<T>): AsyncGenerator<T> {
  yield* first;
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
}

async function* withoutFirst<T>(count: number, items: AsyncIterable<T>): AsyncGenerator<T> {
  let passed = 0;
  for await (const item of items) {
    if (passed >= count) yield item;
    else passed += 1;
  }
}
