import type { AppendReply, RowErrors } from '../bigquery/warehouse/append-batch.js';
import { BigqueryError, invalid } from '../bigquery/rules/api-error.js';
import type { Field } from '../bigquery/rules/field-schema.js';
import type { Warehouse } from '../bigquery/warehouse/warehouse.js';
import { protoType } from './protos.js';
import { compileProtoRows } from './row-reader.js';
import { type Descriptor, DescriptorFailure, readDescriptor, type RowField } from './row-descriptor.js';
import { SchemaMismatch } from './schema-mismatch.js';
import { tableOfStream } from './stream-name.js';
import { toTableSchema } from './table-schema.js';

/** An AppendRowsRequest as protobufjs decodes it. */
export interface AppendRowsRequest {
  readonly writeStream?: string;
  readonly offset?: unknown;
  readonly arrowRows?: unknown;
  readonly protoRows?: {
    readonly writerSchema?: { readonly protoDescriptor?: Descriptor | null } | null;
    readonly rows?: { readonly serializedRows?: readonly Uint8Array[] } | null;
  } | null;
}

/** An AppendRowsResponse as protobufjs encodes it. */
export type AppendRowsResponse = Readonly<Record<string, unknown>>;

const INVALID_ARGUMENT = 3;

/**
 * The appends of one connection: it remembers the stream and the writer's schema between requests.
 *
 * Answers in the stream: the result; row errors (nothing of that request is stored); a schema mismatch; a schema that
 * changed since the connection last saw it. Thrown, to end the stream: NOT_FOUND and requests that make no sense.
 * Source: google/cloud/bigquery/storage/v1/storage.proto and docs/write-api-best-practices, read 2026-11-22.
 */
export class AppendConnection {
  #streamName = '';
  #rowFields: readonly RowField[] | undefined;
  readonly #seen = new Map<string, readonly Field[]>();

  constructor(private readonly warehouse: Warehouse) {}

  async append(request: AppendRowsRequest): Promise<AppendRowsResponse> {
    this.#remember(request);
    const name = tableOfStream(this.#streamName);
    const rowFields = this.#rowFields;
    if (rowFields === undefined)
      throw invalid('The first request of a connection must have a writer schema.');
    const rows = request.protoRows?.rows?.serializedRows ?? [];
    const reply = await this.warehouse.runtime(name).writes.append({
      rows: rows.map((row) => ({ row })),
      skipInvalidRows: false,
      ignoreUnknownValues: false,
      compile: (stored, visible) => compileProtoRows(rowFields, stored, visible),
    });
    return this.#respond(reply);
  }

  #remember(request: AppendRowsRequest): void {
    if (request.arrowRows !== undefined && request.arrowRows !== null)
      throw invalid('Arrow rows are not supported by this server.');
    if (request.offset !== undefined && request.offset !== null)
      throw invalid('Offset is not allowed on the default stream.');
    const name = request.writeStream ?? '';
    if (name !== '') this.#streamName = name;
    const descriptor = request.protoRows?.writerSchema?.protoDescriptor;
    // protobufjs gives null for a writer schema that has no descriptor.
    if (descriptor === undefined || descriptor === null) return;
    try {
      this.#rowFields = readDescriptor(descriptor);
    } catch (error) {
      if (error instanceof DescriptorFailure) throw invalid(`Invalid proto schema: ${error.message}`);
      throw error;
    }
  }

  #respond(reply: AppendReply): AppendRowsResponse {
    const writeStream = this.#streamName;
    if (reply.kind === 'refused') {
      if (reply.error instanceof SchemaMismatch)
        return { writeStream, error: mismatchStatus(reply.error, writeStream) };
      throw withEntity(reply.error, writeStream);
    }
    if (reply.rowErrors.length > 0) return { writeStream, ...rowErrorsResponse(reply.rowErrors) };
    const updated = this.#seen.get(writeStream);
    this.#seen.set(writeStream, reply.visibleFields);
    const changed = updated !== undefined && updated !== reply.visibleFields;
    return {
      writeStream,
      appendResult: {},
      ...(changed ? { updatedSchema: toTableSchema(reply.visibleFields) } : {}),
    };
  }
}

function withEntity(error: BigqueryError, stream: string): BigqueryError {
  if (error.reason !== 'notFound') return error;
  return new BigqueryError({
    reason: 'notFound',
    message: `Requested entity was not found. Entity: ${stream}`,
    cause: error,
  });
}

function mismatchStatus(error: SchemaMismatch, stream: string): Readonly<Record<string, unknown>> {
  const message = `${error.message}. Entity: ${stream}`;
  if (!error.isExtra) return { code: INVALID_ARGUMENT, message };
  const storageError = protoType('StorageError');
  const detail = storageError.fromObject({
    code: 'SCHEMA_MISMATCH_EXTRA_FIELDS',
    entity: stream,
    errorMessage: message,
  });
  return {
    code: INVALID_ARGUMENT,
    message,
    details: [
      {
        type_url: 'type.googleapis.com/google.cloud.bigquery.storage.v1.StorageError',
        value: storageError.encode(detail).finish(),
      },
    ],
  };
}

function rowErrorsResponse(rowErrors: readonly RowErrors[]): Readonly<Record<string, unknown>> {
  const real = rowErrors.filter((row) => row.errors.some(({ reason }) => reason !== 'stopped'));
  return {
    error: {
      code: INVALID_ARGUMENT,
      message:
        'Errors found while processing rows. Please refer to the row_errors field for details. The list may not be complete because of the size limitations.',
    },
    rowErrors: real.map(({ index, errors }) => ({
      index,
      code: 'FIELDS_ERROR',
      message: errors.map(({ message }) => message).join('; '),
    })),
  };
}
