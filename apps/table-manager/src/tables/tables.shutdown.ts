import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import {
  HistoryAuditor,
  HistoryWriter,
  RowWriter,
  TableReconciler,
  UniqueViews,
} from '@pipeline/bigquery-tables';

/**
 * Stops the work on tables after the last request. What still waits was answered 503 before, so it is ended and not
 * awaited. The history is stopped before the writer, whose connections it uses, and after everything that records in it.
 */
@Injectable()
export class TablesShutdown implements OnApplicationShutdown {
  constructor(
    private readonly writer: RowWriter,
    private readonly reconciler: TableReconciler,
    private readonly views: UniqueViews,
    private readonly history: HistoryWriter,
    private readonly auditor: HistoryAuditor,
  ) {}

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.reconciler.stop(), this.auditor.stop()]);
    await this.history.stop();
    await this.writer.stop();
    await this.views.stop();
  }
}
