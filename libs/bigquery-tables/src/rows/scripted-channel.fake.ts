import type { Column } from '@pipeline/schema-inference';
import type {
  AppendChannel,
  AppendFailure,
  AppendListener,
  AppendReply,
  AppendRequest,
  AppendStream,
} from './append-channel.port.js';

/** A connection of the fake: what a spec lets happen on it. */
export interface FakeStream {
  readonly id: number;
  reply(reply: AppendReply): void;
  end(failure: AppendFailure): void;
}

/**
 * A Storage Write API in memory, for specs of this library: writes down what is done to it, and answers when the spec
 * says so, or at once with `stored` when `isAnswering`.
 */
export class ScriptedChannel implements AppendChannel {
  readonly actions: string[] = [];
  readonly streams: FakeStream[] = [];
  isAnswering = true;
  columns: readonly Column[] | null = null;

  ready(): Promise<void> {
    return Promise.resolve();
  }

  open(tableId: string, listener: AppendListener): AppendStream {
    const id = this.streams.length + 1;
    this.actions.push(`open ${id} ${tableId}`);
    this.streams.push({
      id,
      reply: (reply) => {
        listener.onReply(reply);
      },
      end: (failure) => {
        this.actions.push(`ended ${id}`);
        listener.onEnd(failure);
      },
    });
    return {
      send: (request) => {
        this.#send(id, request, listener);
      },
      close: () => this.actions.push(`close ${id}`),
      abort: () => this.actions.push(`abort ${id}`),
    };
  }

  writerColumns(tableId: string): Promise<readonly Column[] | null> {
    this.actions.push(`ask ${tableId}`);
    return Promise.resolve(this.columns);
  }

  close(): Promise<void> {
    this.actions.push('close');
    return Promise.resolve();
  }

  #send(id: number, { tableId, rows, descriptor }: AppendRequest, listener: AppendListener): void {
    const schema = descriptor === null ? '' : ` (${descriptor.field.map(({ name }) => name).join(' ')})`;
    this.actions.push(`send ${id} ${tableId} ${rows.length}${schema}`);
    if (this.isAnswering) {
      void Promise.resolve().then(() => {
        listener.onReply({ kind: 'stored' });
      });
    }
  }
}
