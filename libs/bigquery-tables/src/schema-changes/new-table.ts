import type { ColumnType, TableSchema } from '@pipeline/schema-inference';
import { verbLabels } from './table-resource.js';
import { addOrigin, MAX_TABLE_DESCRIPTION, type Origin } from './origin.js';
import type { NewTable } from './table-store.port.js';

/** Types BigQuery clusters by. Source: BigQuery clustered tables, limitations, read 2026-11-22. */
const CLUSTERABLE: ReadonlySet<ColumnType> = new Set<ColumnType>([
  'BIGNUMERIC',
  'BOOL',
  'BYTES',
  'DATE',
  'DATETIME',
  'GEOGRAPHY',
  'INT64',
  'NUMERIC',
  'RANGE',
  'STRING',
  'TIMESTAMP',
]);

const CLUSTER_BY = 'event_date';
const DESCRIPTION =
  'Events of one type. Columns are added as events bring them; _overflow keeps what fits no column.';

/**
 * Returns the definition of a new table: partitioned by day of publish time, clustered by the events' own `event_date` if the
 * first events have one, labelled as the pipeline's.
 */
export function describeNewTable(tableId: string, schema: TableSchema, origin?: Origin): NewTable {
  const clusterBy = schema.columns.filter(
    ({ name, type, mode }) => name === CLUSTER_BY && mode !== 'REPEATED' && CLUSTERABLE.has(type),
  );
  const { newColumns, typeChanges } = schema;
  return {
    tableId,
    columns: schema.columns,
    partitionBy: '_publish_time',
    clusterBy: clusterBy.map(({ name }) => name),
    labels: {
      managed_by: 'pipeline',
      ...(schema.closed ? { pipeline_schema: 'closed' } : {}),
      ...(newColumns === undefined && typeChanges === undefined
        ? {}
        : verbLabels({ newColumns: newColumns ?? 'evolve', typeChanges: typeChanges ?? 'evolve' })),
    },
    description: (origin && addOrigin(DESCRIPTION, origin, MAX_TABLE_DESCRIPTION)) ?? DESCRIPTION,
  };
}
