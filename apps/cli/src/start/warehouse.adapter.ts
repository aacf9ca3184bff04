import { allRows, BigqueryClient, BigquerySql, type SqlRow } from '@pipeline/google-clients';
import { DEFAULT_PIPELINE_NAMES } from '@pipeline/local-cloud';

/** One event table as it is now. */
export interface TableState {
  readonly name: string;
  readonly rows: number;
  readonly createdAtMs: number;
  /** Path of each column, nested ones as `items.sku`, with its type. */
  readonly columns: ReadonlyMap<string, string>;
}

/** Message ids since the start, by where they were seen. */
export interface SeenMessages {
  /** In `_raw_events`, which Pub/Sub writes and nothing of ours. */
  readonly received: ReadonlySet<string>;
  readonly inTables: ReadonlySet<string>;
  readonly rejected: ReadonlySet<string>;
}

/** The counts of `SeenMessages`, cheap enough to ask for twice a second. */
export interface Totals {
  readonly received: number;
  readonly rows: number;
  readonly rejected: number;
}

const { projectId, dataset } = DEFAULT_PIPELINE_NAMES;

/** Reads the tables and the counts of the local warehouse. */
export class Warehouse {
  private readonly sql: BigquerySql;

  constructor(
    bigqueryUrl: string,
    private readonly since: Date,
  ) {
    this.sql = new BigquerySql(new BigqueryClient({ projectId, datasetId: dataset, endpoint: bigqueryUrl }));
  }

  async tables(): Promise<TableState[]> {
    const columns = new Map<string, Map<string, string>>();
    const created = await this.creationTimes();
    const paths = await this.query<{ table_name: string; field_path: string; data_type: string }>(
      `SELECT table_name, field_path, data_type FROM \`${dataset}\`.INFORMATION_SCHEMA.COLUMN_FIELD_PATHS
       ORDER BY table_name, field_path`,
    );
    for (const { table_name: table, field_path: path, data_type: type } of paths) {
      if (!created.has(table)) continue;
      columns.set(table, (columns.get(table) ?? new Map<string, string>()).set(path, type));
    }
    const names = [...columns.keys()];
    if (names.length === 0) return [];
    const counts = await this.query<{ name: string; row_count: number }>(
      names
        .map((name) => `SELECT '${name}' AS name, COUNT(*) AS row_count FROM \`${dataset}.${name}\``)
        .join(' UNION ALL '),
    );
    const rows = new Map(counts.map(({ name, row_count: count }) => [name, count]));
    return names.map((name) => ({
      name,
      rows: rows.get(name) ?? 0,
      createdAtMs: created.get(name) ?? Date.now(),
      columns: columns.get(name) ?? new Map<string, string>(),
    }));
  }

  /** The event tables, each with the time it was created in milliseconds; views and the pipeline's own tables left out. */
  private async creationTimes(): Promise<ReadonlyMap<string, number>> {
    const tables = await this.query<{ table_name: string; creation_time: string }>(
      `SELECT table_name, creation_time FROM \`${dataset}\`.INFORMATION_SCHEMA.TABLES WHERE table_type = 'BASE TABLE'`,
    );
    return new Map(
      tables
        .filter(({ table_name: name }) => isEventTable(name))
        .map(({ table_name: name, creation_time: time }) => [name, Date.parse(time)]),
    );
  }

  async totals(tables: readonly TableState[]): Promise<Totals> {
    const [totals] = await this.query<{ received: number; row_count: number; rejected: number }>(
      `SELECT (SELECT COUNT(*) FROM (${this.receivedIds()})) AS received,
              (SELECT COUNT(*) FROM (${this.tableIds(tables)})) AS row_count,
              (SELECT COUNT(*) FROM (${this.rejectedIds()})) AS rejected`,
    );
    return { received: totals?.received ?? 0, rows: totals?.row_count ?? 0, rejected: totals?.rejected ?? 0 };
  }

  async seenMessages(tables: readonly TableState[]): Promise<SeenMessages> {
    return {
      received: await this.ids(this.receivedIds()),
      inTables: await this.ids(this.tableIds(tables)),
      rejected: await this.ids(this.rejectedIds()),
    };
  }

  private receivedIds(): string {
    return `SELECT DISTINCT message_id AS id FROM \`${dataset}._raw_events\` WHERE publish_time >= @since`;
  }

  /** What came without a message id, because its envelope could not be read, counts by its dead letter's own. */
  private rejectedIds(): string {
    return `SELECT DISTINCT IFNULL(JSON_VALUE(data, '$.message_id'), message_id) AS id FROM \`${dataset}._dead_letters\` WHERE publish_time >= @since`;
  }

  private tableIds(tables: readonly TableState[]): string {
    if (tables.length === 0) return 'SELECT CAST(NULL AS STRING) AS id LIMIT 0';
    const each = tables.map(
      ({ name }) => `SELECT _message_id AS id FROM \`${dataset}.${name}\` WHERE _publish_time >= @since`,
    );
    return `SELECT DISTINCT id FROM (${each.join(' UNION ALL ')})`;
  }

  private async ids(sql: string): Promise<ReadonlySet<string>> {
    return new Set((await this.query<{ id: string }>(sql)).map(({ id }) => id));
  }

  private async query<Row extends SqlRow>(sql: string): Promise<Row[]> {
    const parameters = sql.includes('@since') ? { since: this.since } : {};
    return (await allRows(this.sql, { sql, parameters })) as Row[];
  }
}

/** The pipeline's own tables begin with an underscore. */
function isEventTable(name: string): boolean {
  return !name.startsWith('_');
}
