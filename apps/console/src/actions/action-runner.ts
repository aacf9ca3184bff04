import { randomUUID } from 'node:crypto';
import { recordIntent, recordOutcome, type ActionAuthor, type ActionOutcome } from '@pipeline/books';
import type { Sql } from '@pipeline/google-clients';
import { RequestFailure } from '@pipeline/platform';
import type { PinoLogger } from 'nestjs-pino';
import type { Identity } from '../access/access.js';
import { isAtLeast } from '../access/role.js';
import { toRequestFailure } from '../api/failure.interceptor.js';
import type { ActionKind, ActionName, RunContext } from './action.js';
import type { KeptPreview, Previews } from './previews.js';

/** One line of the answer of a running action. */
export type ActionStep =
  | { readonly step: 'begun'; readonly actionId: string }
  | { readonly step: 'progress'; readonly done: number; readonly total: number | null }
  | { readonly step: 'line'; readonly line: string }
  | {
      readonly step: 'ended';
      readonly outcome: ActionOutcome;
      readonly result: object | null;
      readonly error: { readonly code: string; readonly message: string } | null;
    };

export interface RunnerOptions {
  readonly kinds: readonly ActionKind[];
  readonly previews: Previews;
  readonly sql: Sql;
  readonly now: () => Date;
  readonly logger: Pick<PinoLogger, 'info' | 'error'>;
}

/** An answer line about progress at most so often. */
const PROGRESS_EVERY_MS = 200;

/**
 * The way of every action: preview, confirmation by the preview's token, intent in the log, run, outcome in the log.
 *
 * Nothing begins before its intent is durable, so a crash leaves an intent without an outcome.
 */
export class ActionRunner {
  readonly #kinds: ReadonlyMap<ActionName, ActionKind>;
  readonly #running = new Set<AbortController>();

  constructor(private readonly options: RunnerOptions) {
    this.#kinds = new Map(options.kinds.map((kind) => [kind.name, kind]));
  }

  /** The kind of an action, if the person may run it. @throws RequestFailure 403, 404 */
  allowed(name: ActionName, { role }: Identity): ActionKind {
    const kind = this.#kinds.get(name);
    if (kind === undefined) {
      throw new RequestFailure({
        status: 404,
        code: 'NO_SUCH_ACTION',
        message: `There is no action ${name}`,
      });
    }
    if (isAtLeast(role, kind.role)) return kind;
    throw new RequestFailure({
      status: 403,
      code: 'ROLE_MISSING',
      message: `The action ${name} needs the role ${kind.role}; yours is ${role}`,
    });
  }

  /**
   * Records the intent, and returns the work to be done.
   *
   * @throws RequestFailure 409 for a token that is not valid (any more); CloudError if the log cannot be written
   */
  async begin(
    token: string,
    identity: Identity,
  ): Promise<{ readonly run: (write: (step: ActionStep) => void, stop: AbortSignal) => Promise<void> }> {
    const { previews, sql, now } = this.options;
    const named = previews.kindOf(token, identity.actor);
    if (named !== null) this.allowed(named, identity);
    const preview = previews.take(token, identity.actor);
    const { kind, input, figures } = preview;
    const author = { actionId: randomUUID(), kind, actor: identity.actor, role: identity.role };
    await recordIntent(sql, { ...author, input, preview: figures, at: now() });
    this.options.logger.info({ actionId: author.actionId, kind, actor: author.actor }, 'action begun');
    return { run: (write, stop) => this.#run(preview, author, { write, stop }) };
  }

  /** Stops what can be stopped; the outcomes are recorded. */
  stopAll(): void {
    for (const controller of this.#running) controller.abort();
  }

  async #run(
    preview: KeptPreview,
    author: ActionAuthor,
    { write, stop }: { readonly write: (step: ActionStep) => void; readonly stop: AbortSignal },
  ): Promise<void> {
    const controller = new AbortController();
    this.#running.add(controller);
    const abort = (): void => {
      controller.abort();
    };
    stop.addEventListener('abort', abort);
    if (stop.aborted) abort();
    write({ step: 'begun', actionId: author.actionId });
    try {
      const result = await preview.run(contextOf(controller.signal, write));
      await this.#end(
        author,
        { outcome: controller.signal.aborted ? 'interrupted' : 'completed', result },
        write,
      );
    } catch (cause) {
      await this.#end(author, { outcome: 'failed', cause }, write);
    } finally {
      stop.removeEventListener('abort', abort);
      this.#running.delete(controller);
    }
  }

  async #end(
    author: ActionAuthor,
    { outcome, result = null, cause }: Ending,
    write: (step: ActionStep) => void,
  ): Promise<void> {
    const { logger, sql, now } = this.options;
    const { actionId, kind, actor } = author;
    const error = cause === undefined ? null : failureOf(cause);
    if (error === null) logger.info({ actionId, kind, actor, outcome }, 'action ended');
    else logger.error({ err: cause, actionId, kind, actor }, 'action failed');
    try {
      await recordOutcome(sql, { ...author, outcome, result, detail: error?.message ?? null, at: now() });
      write({ step: 'ended', outcome, result, error });
    } catch (logCause) {
      logger.error(
        { err: logCause, actionId, kind, actor, outcome },
        'the outcome of an action is not in _actions',
      );
      const message = 'The action ended, but its outcome could not be written to the log _actions';
      write({ step: 'ended', outcome, result, error: error ?? { code: 'NOT_LOGGED', message } });
    }
  }
}

interface Ending {
  readonly outcome: ActionOutcome;
  readonly result?: object | null;
  readonly cause?: unknown;
}

function contextOf(signal: AbortSignal, write: (step: ActionStep) => void): RunContext {
  let shownAtMs = -Infinity;
  return {
    signal,
    onProgress: (done, total) => {
      const nowMs = performance.now();
      if (nowMs - shownAtMs < PROGRESS_EVERY_MS) return;
      shownAtMs = nowMs;
      write({ step: 'progress', done, total });
    },
    onLine: (line) => {
      write({ step: 'line', line });
    },
  };
}

/** An unexpected failure is in the service's log, not in the answer. */
function failureOf(cause: unknown): { readonly code: string; readonly message: string } {
  const failure = toRequestFailure(cause);
  if (!(failure instanceof RequestFailure)) {
    return { code: 'INTERNAL', message: 'The action failed; the log of the service has the cause' };
  }
  const { code, message } = failure.body.error;
  return { code, message };
}
