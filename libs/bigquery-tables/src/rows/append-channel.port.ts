import type { Column } from '@pipeline/schema-inference';
import type { MessageDescriptor } from './row-descriptor.js';

/** Rows for the default stream of one table. */
export interface AppendRequest {
  readonly tableId: string;
  /** Each row as one message of the writer's schema. */
  readonly rows: readonly Uint8Array[];
  /** The writer's schema; null when the connection has it from the request before, for the same table. */
  readonly descriptor: MessageDescriptor | null;
}

/** The reason for a refused request or for the end of a connection. */
export interface AppendFailure {
  /** gRPC status code. */
  readonly status: number;
  readonly message: string;
  /** Name in `StorageError.StorageErrorCode` where BigQuery gave one. */
  readonly storageError: string | null;
}

/**
 * BigQuery's answer to one request. `stored`: every row is. `row-errors`: no row is stored, and these are at fault (the
 * list may be incomplete). `failed`: no row is stored, or the answer was lost.
 */
export type AppendReply =
  | { readonly kind: 'stored' }
  | {
      readonly kind: 'row-errors';
      readonly errors: readonly { readonly index: number; readonly message: string }[];
    }
  | { readonly kind: 'failed'; readonly failure: AppendFailure };

/** Receives an answer for each request in the order of requests, then the end of the connection, once. */
export interface AppendListener {
  onReply(reply: AppendReply): void;
  onEnd(failure: AppendFailure): void;
}

/** A connection for appends. */
export interface AppendStream {
  send(request: AppendRequest): void;
  /** Ends it when all that was sent is answered; nothing may be sent after that. */
  close(): void;
  /** Ends it at once. */
  abort(): void;
}

/** BigQuery's Storage Write API, reduced to default streams of one dataset. */
export interface AppendChannel {
  /** Must resolve before `open`. @throws CloudError without credentials; call it again later */
  ready(): Promise<void>;
  /** Opens a connection; `tableId` is the first it is used for. */
  open(tableId: string, listener: AppendListener): AppendStream;
  /** Returns the columns of a table as its writers know them; null if they do not know the table. @throws CloudError */
  writerColumns(tableId: string): Promise<readonly Column[] | null>;
  /** Waits for closed connections to end, a second at most. */
  close(): Promise<void>;
}
