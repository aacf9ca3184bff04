import type { Column } from '@pipeline/schema-inference';
import { LRUCache } from 'lru-cache';
import type { AppendReply } from './append-channel.port.js';
import { classifyAppendFailure, type AppendProblem } from './append-error.classifier.js';
import type { AppendAnswer, AppendRow, RowError, RowErrorKind } from './row-appender.port.js';
import {
  groupByColumns,
  MAX_REQUEST_BYTES,
  splitByBytes,
  writeRows,
  type WrittenRow,
} from './row-batches.js';
import { commonColumns, haveConflict } from './row-columns.js';
import { compileRowEncoder, type RowEncoder } from './row-encoder.js';

export interface TableRowWriterOptions {
  readonly tableId: string;
  readonly send: (encoder: RowEncoder, rows: readonly Uint8Array[]) => Promise<AppendReply>;
  /** Returns the columns that BigQuery's writers know; null if they do not know the table. @throws CloudError */
  readonly askColumns: () => Promise<readonly Column[] | null>;
}

/** The outcome of one request: `rows` share the problem, all others except `errors` are stored. */
interface RequestResult {
  readonly errors: readonly RowError[];
  readonly problem: AppendProblem | null;
  readonly rows: readonly WrittenRow[];
}

/** Versions of one table whose rows are written at the same time: before a change, after it, rarely more. */
const MAX_ENCODERS = 4;
/** Requests that may report further faulty rows before the rest is left for another append. */
const MAX_ROW_ERROR_ROUNDS = 20;

/**
 * Writes the rows of one table although BigQuery's writers learn of its columns minutes later than readers.
 *
 * A writer schema with one unknown column is refused with all of its rows. So the last accepted columns are cached: rows
 * that fit them are sent with them, and only rows that need more are sent with the newer columns, and wait.
 */
export class TableRowWriter {
  /** The schema that BigQuery's writers accepted last. */
  #accepted: RowEncoder | null = null;
  readonly #encoders = new LRUCache<readonly Column[], RowEncoder>({ max: MAX_ENCODERS });

  constructor(private readonly options: TableRowWriterOptions) {}

  /** @throws CloudError if the outcome of every row is unknown */
  async append(rows: readonly AppendRow[]): Promise<AppendAnswer> {
    const all = rows.map((_row, index) => index);
    this.#adopt(groupByColumns(rows, all).keys());
    const accepted = this.#accepted;
    const known = accepted === null ? null : this.#written(accepted, rows, all);
    const newer = known === null ? all : known.unfit.map(({ index }) => index);
    const errors: RowError[] = [];
    const sent = accepted === null || known === null ? [] : [this.#send(accepted, known.written, rows)];
    for (const [columns, indexes] of groupByColumns(rows, newer)) {
      const encoder = this.#encoderOf(columns);
      const { written, unfit } = this.#written(encoder, rows, indexes);
      errors.push(
        ...unfit.map(({ index, path }) => rowError(index, 'invalid', `${path}: not a value of its column`)),
      );
      sent.push(this.#send(encoder, written, rows));
    }
    return this.#answer((await Promise.all(sent)).flat(), errors, rows.length);
  }

  /** A column whose type changed was made by hand; the accepted columns are void then. */
  #adopt(readings: Iterable<readonly Column[]>): void {
    for (const columns of readings) {
      if (this.#encoders.has(columns)) continue;
      const known = this.#accepted;
      if (known !== null && haveConflict(columns, known.columns)) this.#accepted = null;
      this.#encoderOf(columns);
    }
  }

  #written(
    encoder: RowEncoder,
    rows: readonly AppendRow[],
    indexes: readonly number[],
  ): ReturnType<typeof writeRows> {
    let last: readonly Column[] | null = null;
    let isSame = false;
    return writeRows(encoder, rows, indexes, (columns) => {
      if (columns !== last) {
        last = columns;
        isSame = columns === encoder.columns || this.#encoderOf(columns).signature === encoder.signature;
      }
      return isSame;
    });
  }

  #encoderOf(columns: readonly Column[]): RowEncoder {
    const known = this.#encoders.get(columns);
    if (known !== undefined) return known;
    const encoder = compileRowEncoder(columns);
    this.#encoders.set(columns, encoder);
    return encoder;
  }

  async #send(
    encoder: RowEncoder,
    written: readonly WrittenRow[],
    rows: readonly AppendRow[],
  ): Promise<readonly RequestResult[]> {
    const results = await Promise.all(splitByBytes(written).map((batch) => this.#request(encoder, batch)));
    const refused = results.filter(({ problem }) => problem?.kind === 'mismatch');
    if (refused.length === 0) return results;
    if (this.#accepted === encoder) this.#accepted = null;
    const others = results.filter((result) => !refused.includes(result));
    const again = refused.flatMap((result) => result.rows.map(({ index }) => index));
    const waiting = this.#accepted === null ? await this.#sendReduced(encoder, again, rows) : null;
    return [...others, ...(waiting ?? refused)];
  }

  /**
   * After a refusal: once more, with those of the columns that the writers say they know.
   * @returns null where that is nothing new
   */
  async #sendReduced(
    refused: RowEncoder,
    indexes: readonly number[],
    rows: readonly AppendRow[],
  ): Promise<readonly RequestResult[] | null> {
    // Without an answer the rows wait, as they would with one that is no help.
    const known = await this.options.askColumns().catch(() => null);
    if (known === null) return null;
    const encoder = compileRowEncoder(commonColumns(refused.columns, known));
    if (encoder.signature === refused.signature) return null;
    const { written, unfit } = writeRows(encoder, rows, indexes);
    const errors = unfit.map(({ index, path }) => rowError(index, 'unknown-field', `no such field: ${path}`));
    const results = await Promise.all(splitByBytes(written).map((batch) => this.#request(encoder, batch)));
    if (results.length === 0) this.#accepted = encoder;
    return [...results, { errors, problem: null, rows: [] }];
  }

  /** One request, again without the rows that BigQuery finds at fault until the others are stored. */
  async #request(encoder: RowEncoder, batch: readonly WrittenRow[]): Promise<RequestResult> {
    const errors: RowError[] = [];
    let rows = batch;
    for (let round = 0; round < MAX_ROW_ERROR_ROUNDS && rows.length > 0; round++) {
      const [only] = rows;
      if (only !== undefined && rows.length === 1 && only.bytes.byteLength > MAX_REQUEST_BYTES) {
        const message = `the row has ${only.bytes.byteLength} bytes, an append takes ${MAX_REQUEST_BYTES}`;
        return { errors: [...errors, rowError(only.index, 'invalid', message)], problem: null, rows: [] };
      }
      const reply = await this.options.send(
        encoder,
        rows.map(({ bytes }) => bytes),
      );
      if (reply.kind === 'failed') {
        return { errors, problem: classifyAppendFailure(reply.failure, this.options.tableId), rows };
      }
      if (reply.kind === 'stored') {
        this.#learn(encoder);
        return { errors, problem: null, rows: [] };
      }
      const faults = new Map(reply.errors.map(({ index, message }) => [index, message]));
      const sent = rows;
      rows = sent.filter(({ index }, position) => {
        const message = faults.get(position);
        if (message !== undefined) errors.push(rowError(index, 'invalid', message));
        return message === undefined;
      });
      if (rows.length === sent.length) break;
    }
    const left = rows.map(({ index }) =>
      rowError(index, 'transient', 'Other rows of the append were at fault'),
    );
    return { errors: [...errors, ...left], problem: null, rows: [] };
  }

  /** Rows of an older reading say nothing new. */
  #learn(encoder: RowEncoder): void {
    const known = this.#accepted;
    if (known === encoder) return;
    if (known === null || commonColumns(encoder.columns, known.columns) !== encoder.columns) {
      this.#accepted = encoder;
    }
  }

  #answer(results: readonly RequestResult[], unfit: readonly RowError[], count: number): AppendAnswer {
    const failed = results.filter(({ problem }) => problem !== null);
    const [problem] = failed.flatMap((result) => result.problem ?? []);
    const isWhole = failed.reduce((sum, { rows }) => sum + rows.length, 0) === count;
    if (isWhole && problem?.kind === 'error') throw problem.error;
    if (isWhole && problem?.kind === 'missing') return problem;
    const errors = [
      ...unfit,
      ...results.flatMap((result) => result.errors),
      ...failed.flatMap((result) => problemsOfRows(result)),
    ];
    const isWaiting = errors.some(({ kind }) => kind === 'unknown-field');
    const writerColumns = isWaiting ? this.#accepted?.columns : undefined;
    return { kind: 'answered', errors, ...(writerColumns === undefined ? {} : { writerColumns }) };
  }
}

function rowError(index: number, kind: RowErrorKind, message: string): RowError {
  return { index, kind, message };
}

/** Errors for rows whose request failed while others are stored: the cause shows when they are retried alone. */
function problemsOfRows({ rows, problem }: RequestResult): readonly RowError[] {
  if (problem === null) return [];
  const kind = problem.kind === 'error' ? 'transient' : 'unknown-field';
  const message = problem.kind === 'error' ? problem.error.message : problem.message;
  return rows.map(({ index }) => rowError(index, kind, message));
}
