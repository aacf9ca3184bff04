import type { OnApplicationShutdown } from '@nestjs/common';
import type {
  HistoryAuditor,
  HistoryWriter,
  RowWriter,
  TableReconciler,
  UniqueViews,
} from '@pipeline/bigquery-tables';

/** What is to be ended; each has a `stop` that resolves when nothing is under way. */
export interface TablesWork {
  readonly writer: Pick<RowWriter, 'stop'>;
  readonly reconciler: Pick<TableReconciler, 'stop'>;
  readonly views: Pick<UniqueViews, 'stop'>;
  readonly history: Pick<HistoryWriter, 'stop'>;
  readonly auditor: Pick<HistoryAuditor, 'stop'>;
}

/**
 * After the last request: whatever still waits was answered 503 already, so it is ended and not waited for. The history
 * goes before the writer, whose connections it uses, and after everything that has something to tell.
 */
export class TablesShutdown implements OnApplicationShutdown {
  constructor(private readonly work: TablesWork) {}

  async onApplicationShutdown(): Promise<void> {
    const { writer, reconciler, views, history, auditor } = this.work;
    await Promise.all([reconciler.stop(), auditor.stop()]);
    await history.stop();
    await writer.stop();
    await views.stop();
  }
}
