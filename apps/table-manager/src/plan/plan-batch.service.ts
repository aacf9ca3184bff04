import { setImmediate } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import {
  readNewTableRefusal,
  PlanReporter,
  TABLE_STORE,
  readPlanLine,
  type PlanFormat,
  type PlanReport,
  type PlanReporterOptions,
  type TableStore,
} from '@pipeline/bigquery-tables';
import { RequestFailure } from '@pipeline/platform';
import type { EventSource } from '@pipeline/schema-inference';
import { eventTypeSources } from '../config/event-type-from.js';
import { TableManagerSettings } from '../config/table-manager.settings.js';
import { pauseIfHeavy } from '../memory/pause.js';
import { weigh } from '../memory/event-weight.js';
import { WorkingMemory } from '../memory/working-memory.js';
import { requireRate } from './require-rate.js';
import { splitLines } from './split-lines.js';

/** Longest line: a Pub/Sub message of 10 MB in base64, with its attributes. */
const MAX_LINE_BYTES = 14 * 1024 * 1024;
/** Lines between two pauses, so that events do not wait for a long plan. */
const LINES_AT_ONCE = 200;
/** Longest wait of a heavy line for memory. */
const MAX_WAIT_FOR_MEMORY_MS = 30_000;

/** Plans a batch of events against the tables as BigQuery has them now. Changes nothing. */
@Injectable()
export class PlanBatchService {
  constructor(
    @Inject(TABLE_STORE) private readonly store: Pick<TableStore, 'read'>,
    private readonly memory: WorkingMemory,
    private readonly settings: TableManagerSettings,
  ) {}

  /**
   * @throws CloudError if BigQuery does not return a table
   * @throws RequestFailure if the body arrives too slowly, or other large events take all memory
   */
  async plan(body: AsyncIterable<Uint8Array>, format: PlanFormat): Promise<PlanReport> {
    const { projectId, dataset: datasetId, eventRoutes: routes } = this.settings;
    const readTable: PlanReporterOptions['readTable'] = (tableId) => this.store.read(tableId);
    const reporter = new PlanReporter({
      projectId,
      datasetId,
      routes,
      eventTypeFrom: eventTypeSources(this.settings.eventTypeFrom),
      readTable,
      newTableRefusal: () => readNewTableRefusal(this.store),
    });
    for await (const { number, bytes, isTooLong } of splitLines(requireRate(body), MAX_LINE_BYTES)) {
      const line = isTooLong ? TOO_LONG : readPlanLine(bytes, format);
      if (line.kind === 'rejected') {
        reporter.reject({ line: number, code: 'ENVELOPE_INVALID', detail: line.detail });
      } else if (line.kind === 'message') {
        await this.#add(reporter, line.message, number);
      }
      if (number % LINES_AT_ONCE === 0) {
        await setImmediate();
      }
    }
    return reporter.finish();
  }

  async #add(reporter: PlanReporter, message: EventSource, line: number): Promise<void> {
    const weight = await weigh(message);
    if (weight === 0) {
      await reporter.take(message, line);
      return;
    }
    const added = await this.memory.run(weight, MAX_WAIT_FOR_MEMORY_MS, async () => {
      await pauseIfHeavy(message);
      await reporter.take(message, line);
      await pauseIfHeavy(message);
      return true;
    });
    if (added === null) {
      throw noMemory(line);
    }
  }
}

function noMemory(line: number): RequestFailure {
  return new RequestFailure({
    status: 503,
    code: 'NO_MEMORY',
    message: `Large events took the memory that line ${line} needs for ${MAX_WAIT_FOR_MEMORY_MS} ms; send the plan again`,
  });
}

const TOO_LONG = {
  kind: 'rejected',
  detail: `the line is longer than ${MAX_LINE_BYTES} bytes, the limit of a message`,
} as const;
