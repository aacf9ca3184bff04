/** A table in the embedded BigQuery. */
export interface TableAddress {
  readonly projectId: string;
  readonly datasetId: string;
  readonly tableId: string;
}

/**
 * Port of Pub/Sub's BigQuery subscriptions: stores rows, or returns why it cannot.
 *
 * Shape: rows are objects by column name, values as insertAll takes them (BYTES base64, JSON as JSON text).
 * Outcome `failed` stores no row of the call; the subscription then delivers its messages again.
 */
export interface TableWriter {
  writeRows(
    table: TableAddress,
    rows: readonly Readonly<Record<string, unknown>>[],
  ): Promise<{ readonly kind: 'written' } | { readonly kind: 'failed'; readonly reason: string }>;

  /** Returns true if the table exists; subscriptions to other tables are refused. */
  hasTable(table: TableAddress): boolean;

  /** The top-level columns as the table has them now, types by their REST v2 names (`BYTES`, `JSON`, `INTEGER`…). */
  describeTable(table: TableAddress): Promise<
    | {
        readonly kind: 'table';
        readonly columns: readonly { readonly name: string; readonly type: string }[];
      }
    | { readonly kind: 'missing' }
  >;
}

/** Port of Pub/Sub's Cloud Storage subscriptions: stores one finished object. */
export interface ObjectWriter {
  writeObject(object: {
    readonly bucket: string;
    readonly name: string;
    readonly contentType: string;
    readonly bytes: Uint8Array;
  }): Promise<{ readonly kind: 'written' } | { readonly kind: 'failed'; readonly reason: string }>;
}

/** Port of BigQuery's load jobs: reads objects of Cloud Storage. Both throw an error with a message for the job. */
export interface ObjectReader {
  /** Names of the live objects of a bucket that match; throws if the bucket does not exist. */
  listObjects(bucket: string, matches: (name: string) => boolean): readonly string[];

  readObject(bucket: string, name: string): AsyncIterable<Uint8Array>;
}

/** One line per request, printed with `--verbose`; durations in milliseconds. */
export type RequestLog = (request: {
  readonly service: 'pubsub' | 'bigquery' | 'bigquery-storage' | 'storage' | 'eventarc';
  readonly method: string;
  readonly resource: string;
  readonly status: number | string;
  readonly durationMs: number;
}) => void;
