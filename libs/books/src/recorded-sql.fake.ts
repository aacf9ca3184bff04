import type { Sql, SqlQuery, SqlRow } from '@pipeline/google-clients';

/** Gives prepared results in order and keeps every query that was asked. */
export class RecordedSql implements Sql {
  readonly queries: SqlQuery[] = [];
  readonly estimated: SqlQuery[] = [];

  constructor(
    private readonly results: SqlRow[][] = [],
    private readonly bytes = 0,
  ) {}

  name(tableId: string): string {
    return `\`p.d.${tableId}\``;
  }

  archiveName(tableId: string): string {
    return `\`p.a.${tableId}\``;
  }

  async *rows(query: SqlQuery): AsyncGenerator<SqlRow> {
    this.queries.push(query);
    yield* await Promise.resolve(this.results.shift() ?? []);
  }

  execute(query: SqlQuery): Promise<void> {
    this.queries.push(query);
    return Promise.resolve();
  }

  estimateBytes(query: SqlQuery): Promise<number> {
    this.estimated.push(query);
    return Promise.resolve(this.bytes);
  }
}
