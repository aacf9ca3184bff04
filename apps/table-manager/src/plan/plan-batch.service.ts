import {
  PlanReporter,
  readPlanLine,
  type PlanFormat,
  type PlanReport,
  type PlanReporterOptions,
  type TableStore,
} from '@pipeline/bigquery-tables';
import { splitLines } from './split-lines.js';

export interface PlanBatchOptions extends Omit<PlanReporterOptions, 'readTable'> {
  readonly store: Pick<TableStore, 'read'>;
  /** Of one line: what a message has, in its base64 form. */
  readonly maxLineBytes: number;
}

/** Between two pauses, so that requests for events are not kept waiting by a long plan. */
const LINES_AT_ONCE = 200;

/** Plans a batch of events against the tables as BigQuery has them now. Changes nothing. */
export class PlanBatchService {
  constructor(private readonly options: PlanBatchOptions) {}

  /** @throws CloudError where BigQuery does not say what its tables are */
  async plan(body: AsyncIterable<Uint8Array>, format: PlanFormat): Promise<PlanReport> {
    const { store, maxLineBytes, ...rest } = this.options;
    const reporter = new PlanReporter({ ...rest, readTable: (tableId) => store.read(tableId) });
    for await (const { number, bytes, isTooLong } of splitLines(body, maxLineBytes)) {
      const line = isTooLong ? tooLong(maxLineBytes) : readPlanLine(bytes, format);
      if (line.kind === 'rejected') {
        reporter.reject({ line: number, code: 'ENVELOPE_INVALID', detail: line.detail });
      } else if (line.kind === 'message') {
        await reporter.take(line.message, number);
      }
      if (number % LINES_AT_ONCE === 0) {
        await new Promise(setImmediate);
      }
    }
    return reporter.finish();
  }
}

function tooLong(maxBytes: number): { readonly kind: 'rejected'; readonly detail: string } {
  return { kind: 'rejected', detail: `the line is longer than ${maxBytes} bytes, which no message is` };
}
