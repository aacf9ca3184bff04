import type * as BigqueryStorage from '@google-cloud/bigquery-storage';
import type { BigQueryWriteClient, protos } from '@google-cloud/bigquery-storage';
import { credentials } from '@grpc/grpc-js';
import { CloudError, GRPC_STATUS } from '@pipeline/google-clients';
import type { Column, ColumnType } from '@pipeline/schema-inference';
import type {
  AppendChannel,
  AppendFailure,
  AppendListener,
  AppendReply,
  AppendRequest,
  AppendStream,
} from './append-channel.port.js';
import { classifyAppendFailure } from './append-error.classifier.js';

type Response = protos.google.cloud.bigquery.storage.v1.IAppendRowsResponse;
type FieldSchema = protos.google.cloud.bigquery.storage.v1.ITableFieldSchema;
type Sdk = typeof BigqueryStorage;

/** The dataset to write to. `endpoint` is an emulator's `host:port`, plaintext; without it the real service. */
export interface StorageWriteConnection {
  readonly projectId: string;
  readonly datasetId: string;
  readonly endpoint?: string;
  /** Longest wait for an answer other than an append's, in milliseconds. */
  readonly timeoutMs?: number;
}

const DEFAULT_TIMEOUT_MS = 20_000;
const CLOSE_MS = 1_000;

/**
 * The official client of the Storage Write API, reduced to appends. The only file that names it.
 *
 * Its generated `appendRows` is used, not the managed writer above it: that sends the whole schema with every request,
 * opens a connection for each table, and opens one again beneath its caller with requests whose answers it can mix up.
 * The package is loaded at the first append, because it takes half a second and 40 MB.
 */
export class StorageWriteChannel implements AppendChannel {
  readonly #tables: string;
  #sdk: Sdk | null = null;
  #client: BigQueryWriteClient | null = null;
  #ready: Promise<void> | null = null;
  /** The end of each open connection. */
  readonly #open = new Set<Promise<void>>();

  constructor(private readonly connection: StorageWriteConnection) {
    this.#tables = `projects/${connection.projectId}/datasets/${connection.datasetId}/tables`;
  }

  ready(): Promise<void> {
    this.#ready ??= this.#start().catch((cause: unknown) => {
      this.#ready = null;
      throw toCloudError(toFailure(cause), null);
    });
    return this.#ready;
  }

  open(tableId: string, listener: AppendListener): AppendStream {
    const headers = { 'x-goog-request-params': `write_stream=${this.#stream(tableId)}` };
    const call = this.#started().client.appendRows({ otherArgs: { headers } });
    call.on('data', (response: Response) => {
      listener.onReply(this.#toReply(response));
    });
    call.on('error', (cause: unknown) => {
      listener.onEnd(this.#withStorageError(toFailure(cause), cause));
    });
    call.on('end', () => {
      listener.onEnd({
        status: GRPC_STATUS.UNAVAILABLE,
        message: 'BigQuery ended the connection',
        storageError: null,
      });
    });
    const ended = new Promise<void>((resolve) => {
      for (const event of ['end', 'error', 'close'])
        call.on(event, () => {
          resolve();
        });
    });
    this.#open.add(ended);
    void ended.then(() => this.#open.delete(ended));
    return {
      send: ({ tableId: subject, rows, descriptor }: AppendRequest) => {
        call.write({
          writeStream: this.#stream(subject),
          protoRows: {
            rows: { serializedRows: rows },
            ...(descriptor === null ? {} : { writerSchema: { protoDescriptor: descriptor } }),
          },
          // A hand-made column may have a default, which applies to rows without a value for it.
          defaultMissingValueInterpretation: 'DEFAULT_VALUE',
        });
      },
      close: () => {
        call.end();
      },
      abort: () => {
        call.cancel();
      },
    };
  }

  async writerColumns(tableId: string): Promise<readonly Column[] | null> {
    await this.ready();
    const { client, sdk } = this.#started();
    const view = sdk.protos.google.cloud.bigquery.storage.v1.WriteStreamView.FULL;
    try {
      const [stream] = await client.getWriteStream(
        { name: this.#stream(tableId), view },
        { timeout: this.connection.timeoutMs ?? DEFAULT_TIMEOUT_MS, maxRetries: 0 },
      );
      return (stream.tableSchema?.fields ?? []).flatMap(toColumn);
    } catch (cause) {
      const problem = classifyAppendFailure(this.#withStorageError(toFailure(cause), cause), tableId);
      if (problem.kind === 'missing') return null;
      throw problem.kind === 'error' ? problem.error : CloudError.from(cause);
    }
  }

  async close(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise((resolve) => {
      timer = setTimeout(resolve, CLOSE_MS);
    });
    await Promise.race([Promise.all(this.#open), patience]);
    clearTimeout(timer);
    await this.#client?.close();
  }

  async #start(): Promise<void> {
    const sdk = await import('@google-cloud/bigquery-storage');
    const { projectId, endpoint } = this.connection;
    const client = new sdk.BigQueryWriteClient({
      projectId,
      // A connection without traffic is closed on the way; Google's own writer asks as often.
      'grpc.keepalive_time_ms': 30_000,
      'grpc.keepalive_timeout_ms': 10_000,
      ...(endpoint === undefined ? {} : toEmulator(endpoint)),
    });
    await client.initialize();
    this.#sdk = sdk;
    this.#client = client;
  }

  #started(): { readonly client: BigQueryWriteClient; readonly sdk: Sdk } {
    if (this.#client === null || this.#sdk === null) throw new Error('ready() has not resolved');
    return { client: this.#client, sdk: this.#sdk };
  }

  #stream(tableId: string): string {
    return `${this.#tables}/${tableId}/streams/_default`;
  }

  #toReply({ error, rowErrors }: Response): AppendReply {
    if (rowErrors !== null && rowErrors !== undefined && rowErrors.length > 0) {
      const errors = rowErrors.map(({ index, message }) => ({
        index: Number(index ?? 0),
        message: message ?? 'BigQuery gave no reason',
      }));
      return { kind: 'row-errors', errors };
    }
    if (error !== null && error !== undefined) {
      const detail = (error.details ?? []).find(
        ({ type_url: type }) => type?.endsWith('.StorageError') === true,
      );
      const storageError = detail?.value instanceof Uint8Array ? this.#storageError(detail.value) : null;
      const message = error.message ?? 'BigQuery gave no reason';
      return { kind: 'failed', failure: { status: error.code ?? 2, message, storageError } };
    }
    return { kind: 'stored' };
  }

  /** A status that ends the connection has its details in the trailers. */
  #withStorageError(failure: AppendFailure, cause: unknown): AppendFailure {
    const { sdk } = this.#started();
    if (!(cause instanceof Error) || !('metadata' in cause) || cause.metadata === undefined) return failure;
    const [detail] = sdk.managedwriter.parseStorageErrors(
      cause as Parameters<typeof sdk.managedwriter.parseStorageErrors>[0],
    );
    const code = detail?.code;
    return code === undefined ? failure : { ...failure, storageError: this.#storageErrorName(code) };
  }

  #storageError(bytes: Uint8Array): string | null {
    const { StorageError } = this.#started().sdk.protos.google.cloud.bigquery.storage.v1;
    return this.#storageErrorName(StorageError.decode(bytes).code);
  }

  #storageErrorName(code: unknown): string | null {
    const { StorageErrorCode } = this.#started().sdk.protos.google.cloud.bigquery.storage.v1.StorageError;
    return typeof code === 'number' ? (StorageErrorCode[code] ?? null) : null;
  }
}

function toEmulator(endpoint: string): object {
  const [, host = endpoint, port = '443'] = /^\[?(.*?)\]?:(\d+)$/.exec(endpoint) ?? [];
  return { apiEndpoint: host, port: Number(port), sslCreds: credentials.createInsecure() };
}

function toFailure(cause: unknown): AppendFailure {
  const status = typeof cause === 'object' && cause !== null && 'code' in cause ? Number(cause.code) : 2;
  const message = cause instanceof Error ? cause.message : String(cause);
  return { status: Number.isInteger(status) ? status : 2, message, storageError: null };
}

function toCloudError(failure: AppendFailure, tableId: string | null): CloudError {
  const problem = classifyAppendFailure(failure, tableId ?? '');
  return problem.kind === 'error'
    ? problem.error
    : new CloudError({ code: 'UNEXPECTED', message: failure.message, tableId });
}

/** Types by their names in the Storage Write API where the REST API's schema has others. */
const COLUMN_TYPES: Readonly<Record<string, ColumnType>> = {
  STRING: 'STRING',
  INT64: 'INT64',
  DOUBLE: 'FLOAT64',
  STRUCT: 'RECORD',
  BYTES: 'BYTES',
  BOOL: 'BOOL',
  TIMESTAMP: 'TIMESTAMP',
  DATE: 'DATE',
  TIME: 'TIME',
  DATETIME: 'DATETIME',
  GEOGRAPHY: 'GEOGRAPHY',
  NUMERIC: 'NUMERIC',
  BIGNUMERIC: 'BIGNUMERIC',
  INTERVAL: 'INTERVAL',
  JSON: 'JSON',
  RANGE: 'RANGE',
};

/** The parameters of a type that are set; unset ones are 0. */
function positive(
  parameters: Readonly<Record<'maxLength' | 'precision' | 'scale', unknown>>,
): Pick<Column, 'maxLength' | 'precision' | 'scale'> {
  return Object.fromEntries(
    Object.entries(parameters).flatMap(([name, value]) =>
      Number(value ?? 0) > 0 ? [[name, Number(value)]] : [],
    ),
  );
}

function toColumn({ name, type, mode, fields, maxLength, precision, scale }: FieldSchema): readonly Column[] {
  const columnType = COLUMN_TYPES[String(type)];
  if (columnType === undefined || name === null || name === undefined) return [];
  const columns = columnType === 'RECORD' ? { columns: (fields ?? []).flatMap(toColumn) } : {};
  return [
    {
      name,
      type: columnType,
      mode: mode === 'REPEATED' || mode === 'REQUIRED' ? mode : 'NULLABLE',
      ...positive({ maxLength, precision, scale }),
      ...columns,
    },
  ];
}
