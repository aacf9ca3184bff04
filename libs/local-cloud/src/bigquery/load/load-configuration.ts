import { invalid } from '../rules/api-error.js';
import type { Field } from '../rules/field-schema.js';
import { isJsonObject, type JsonObject, objectAt, stringAt } from '../rules/json.js';
import { checkTableId } from '../rules/names.js';
import { requestedFields, type TableName } from '../rules/table-resource.js';
import { type CsvOptions, parseCsvOptions } from './csv-options.js';
import { DECIMAL_TARGETS, type DecimalTarget } from './decimal-target.js';

const SOURCE_FORMATS = ['CSV', 'NEWLINE_DELIMITED_JSON', 'AVRO'] as const;
const WRITE_DISPOSITIONS = ['WRITE_APPEND', 'WRITE_EMPTY', 'WRITE_TRUNCATE'] as const;
const CREATE_DISPOSITIONS = ['CREATE_IF_NEEDED', 'CREATE_NEVER'] as const;
const SCHEMA_UPDATES = ['ALLOW_FIELD_ADDITION', 'ALLOW_FIELD_RELAXATION'] as const;

export type SchemaUpdate = (typeof SCHEMA_UPDATES)[number];

/** `configuration.load` of a job, read and checked. */
export interface LoadConfiguration {
  readonly table: TableName;
  readonly format: (typeof SOURCE_FORMATS)[number];
  readonly sourceUris: readonly string[];
  /** The schema that the job brings; `undefined` without one. */
  readonly fields: readonly Field[] | undefined;
  readonly write: (typeof WRITE_DISPOSITIONS)[number];
  readonly mayCreate: boolean;
  readonly schemaUpdates: ReadonlySet<SchemaUpdate>;
  readonly maxBadRecords: number;
  readonly ignoreUnknownValues: boolean;
  /** Settings of files of CSV. */
  readonly csv: CsvOptions;
  readonly useAvroLogicalTypes: boolean;
  readonly decimalTargets: readonly DecimalTarget[];
  /** Properties of the table that the job makes: partitioning, clustering, description, labels, expiration. */
  readonly properties: JsonObject;
}

/** Settings that change which rows a job loads, and that this server does not have. */
const UNSUPPORTED = [
  'columnNameCharacterMap',
  'connectionProperties',
  'destinationEncryptionConfiguration',
  'fileSetSpecType',
  'hivePartitioningOptions',
  'jsonExtension',
  'parquetOptions',
  'projectionFields',
  'referenceFileSchemaUri',
  'timeZone',
];

/** Properties of `destinationTableProperties`, and of the job itself, that a new table gets. */
const TABLE_PROPERTIES = ['friendlyName', 'description', 'labels', 'expirationTime'];
const JOB_PROPERTIES = ['timePartitioning', 'rangePartitioning', 'clustering'];

/**
 * Reads the configuration of a load job.
 *
 * Errors: 400 `invalid`, naming the setting, for what cannot be and for what this server does not support.
 * Source: cloud.google.com/bigquery/docs/reference/rest/v2/Job#jobconfigurationload, read 2026-11-29.
 */
export function parseLoadConfiguration(load: JsonObject, projectId: string): LoadConfiguration {
  for (const key of UNSUPPORTED)
    if (isSet(load[key])) throw invalid(`${key} of load jobs is not supported by this server.`, key);
  const format = sourceFormat(load);
  if (format !== 'CSV' && isSet(load['autodetect']))
    throw invalid(`autodetect of ${format} is not supported by this server.`, 'autodetect');
  const maxBadRecords = Number(load['maxBadRecords'] ?? 0);
  if (!Number.isInteger(maxBadRecords) || maxBadRecords < 0)
    throw invalid(
      `Invalid value for maxBadRecords: ${JSON.stringify(load['maxBadRecords'])}`,
      'maxBadRecords',
    );
  return {
    table: destination(load, projectId),
    format,
    csv: parseCsvOptions(load),
    sourceUris: textList(load, 'sourceUris'),
    fields: requestedFields(load),
    write: choice(load, 'writeDisposition', WRITE_DISPOSITIONS, 'WRITE_APPEND'),
    mayCreate:
      choice(load, 'createDisposition', CREATE_DISPOSITIONS, 'CREATE_IF_NEEDED') === 'CREATE_IF_NEEDED',
    schemaUpdates: new Set(
      textList(load, 'schemaUpdateOptions').map((option) =>
        oneOf(option, 'schemaUpdateOptions', SCHEMA_UPDATES),
      ),
    ),
    maxBadRecords,
    ignoreUnknownValues: load['ignoreUnknownValues'] === true,
    useAvroLogicalTypes: load['useAvroLogicalTypes'] === true,
    decimalTargets: decimalTargets(load),
    properties: {
      ...chosen(objectAt(load, 'destinationTableProperties'), TABLE_PROPERTIES),
      ...chosen(load, JOB_PROPERTIES),
    },
  };
}

function destination(load: JsonObject, projectId: string): TableName {
  const reference = objectAt(load, 'destinationTable');
  const [datasetId, tableId] = [stringAt(reference, 'datasetId'), stringAt(reference, 'tableId')];
  if (datasetId === undefined || tableId === undefined)
    throw invalid('Load configuration must specify a destination table', 'destinationTable');
  if (tableId.includes('$'))
    throw invalid('Loading into one partition ($) is not supported by this server.', 'destinationTable');
  checkTableId(tableId);
  return { projectId: stringAt(reference, 'projectId') ?? projectId, datasetId, tableId };
}

// A job without a format is one of CSV: the service's default.
function sourceFormat(load: JsonObject): LoadConfiguration['format'] {
  const format = stringAt(load, 'sourceFormat') ?? 'CSV';
  const found = SOURCE_FORMATS.find((known) => known === format);
  if (found !== undefined) return found;
  throw invalid(
    `sourceFormat ${format} is not supported by this server: use ${SOURCE_FORMATS.join(', ')}.`,
    'sourceFormat',
  );
}

function choice<Value extends string>(
  load: JsonObject,
  key: string,
  values: readonly Value[],
  byDefault: Value,
): Value {
  return load[key] === undefined || load[key] === null ? byDefault : oneOf(load[key], key, values);
}

function oneOf<Value extends string>(value: unknown, key: string, values: readonly Value[]): Value {
  const found = values.find((known) => known === value);
  if (found === undefined)
    throw invalid(`Invalid value for ${key}: ${String(value)} is not a valid value`, key);
  return found;
}

function textList(load: JsonObject, key: string): readonly string[] {
  const list = load[key] ?? [];
  if (!Array.isArray(list) || !list.every((entry): entry is string => typeof entry === 'string'))
    throw invalid(`${key} is not a list of strings.`, key);
  return list;
}

function decimalTargets(load: JsonObject): readonly DecimalTarget[] {
  const given = textList(load, 'decimalTargetTypes');
  if (given.length === 0) return ['NUMERIC'];
  return given.map((target) => oneOf(target, 'decimalTargetTypes', DECIMAL_TARGETS));
}

function chosen(from: JsonObject, keys: readonly string[]): JsonObject {
  return Object.fromEntries(keys.filter((key) => isSet(from[key])).map((key) => [key, from[key]]));
}

function isSet(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (isJsonObject(value)) return Object.keys(value).length > 0;
  return value !== undefined && value !== null && value !== false && value !== '';
}
