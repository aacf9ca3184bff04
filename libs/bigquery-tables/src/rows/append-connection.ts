import type { AppendFailure, AppendListener, AppendReply, AppendStream } from './append-channel.port.js';
import { GRPC_STATUS } from '@pipeline/google-clients';
import type { RowEncoder } from './row-encoder.js';

/** An answer. `isEnd`: the connection ended with this request, so the failure is about it and not about others. */
export interface ConnectionReply {
  readonly reply: AppendReply;
  readonly isEnd: boolean;
}

export interface AppendConnectionOptions {
  readonly open: (listener: AppendListener) => AppendStream;
  /** Longest wait for an answer. */
  readonly timeoutMs: number;
  /** The connection ends itself after this time without a request. */
  readonly idleMs: number;
  readonly onOver: () => void;
}

interface PendingAppend {
  readonly resolve: (reply: ConnectionReply) => void;
  readonly deadline: NodeJS.Timeout;
}

/**
 * One connection for the appends of any number of tables: requests are sent without waiting, answers arrive in the same
 * order. It is never reopened: requests in flight at its end fail, so no request can receive the answer of another one.
 */
export class AppendConnection {
  readonly #pending: PendingAppend[] = [];
  readonly #stream: AppendStream;
  readonly #idle: NodeJS.Timeout;
  /** Table and schema of the last request: the schema is sent only when they change. */
  #last = '';
  #isOver = false;

  constructor(private readonly options: AppendConnectionOptions) {
    this.#idle = setTimeout(() => {
      if (this.#pending.length === 0) this.close();
    }, options.idleMs);
    this.#idle.unref();
    this.#stream = options.open({
      onReply: (reply) => {
        this.#answer({ reply, isEnd: false });
      },
      onEnd: (failure) => {
        this.#end(failure);
      },
    });
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** Requests in flight. */
  get load(): number {
    return this.#pending.length;
  }

  send(tableId: string, encoder: RowEncoder, rows: readonly Uint8Array[]): Promise<ConnectionReply> {
    const subject = `${tableId} ${encoder.signature}`;
    const descriptor = subject === this.#last ? null : encoder.descriptor();
    this.#last = subject;
    return new Promise((resolve) => {
      const deadline = setTimeout(() => {
        this.#end({
          status: GRPC_STATUS.DEADLINE_EXCEEDED,
          message: 'No answer to an append in time',
          storageError: null,
        });
        this.#stream.abort();
      }, this.options.timeoutMs);
      this.#pending.push({ resolve, deadline });
      this.#stream.send({ tableId, rows, descriptor });
    });
  }

  /** Ends the connection; requests in flight count as lost. */
  close(): void {
    if (this.#isOver) return;
    this.#end({ status: GRPC_STATUS.UNAVAILABLE, message: 'The connection was closed', storageError: null });
    this.#stream.close();
  }

  #answer(reply: ConnectionReply): void {
    const pending = this.#pending.shift();
    if (pending === undefined) return;
    clearTimeout(pending.deadline);
    this.#idle.refresh();
    pending.resolve(reply);
  }

  #end(failure: AppendFailure): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearTimeout(this.#idle);
    this.options.onOver();
    this.#answer({ reply: { kind: 'failed', failure }, isEnd: true });
    const lost = {
      status: GRPC_STATUS.UNAVAILABLE,
      message: 'The connection ended before the answer',
      storageError: null,
    };
    while (this.#pending.length > 0) this.#answer({ reply: { kind: 'failed', failure: lost }, isEnd: false });
  }
}
