import { Injectable } from '@nestjs/common';
import { TableReconciler } from '@pipeline/bigquery-tables';
import { PinoLogger } from 'nestjs-pino';
import { PromotionMetrics } from '../metrics/promotion-metrics.js';
import { OneAtATime } from '../requests/one-at-a-time.js';
import { SetupWatch } from '../tables/setup-watch.js';
import { TableNotes } from '../tables/table-notes.js';

/** The parts that promotions and retypes share. */
@Injectable()
export class ServiceParts {
  readonly all: {
    readonly slot: OneAtATime;
    readonly logger: PinoLogger;
    readonly metrics: PromotionMetrics;
    readonly setup: SetupWatch;
    readonly notes: TableNotes;
    readonly refresh: (table: string) => Promise<unknown>;
  };

  constructor(
    slot: OneAtATime,
    logger: PinoLogger,
    metrics: PromotionMetrics,
    setup: SetupWatch,
    notes: TableNotes,
    reconciler: TableReconciler,
  ) {
    const refresh = (table: string): Promise<unknown> => reconciler.verify(table, 'promotion');
    this.all = { slot, logger, metrics, setup, notes, refresh };
  }
}
