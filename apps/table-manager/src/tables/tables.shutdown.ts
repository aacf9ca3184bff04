import type { OnApplicationShutdown } from '@nestjs/common';
import type { RowWriter, TableReconciler, UniqueViews } from '@pipeline/bigquery-tables';

/** After the last request: whatever still waits was answered 503 already, so it is ended and not waited for. */
export class TablesShutdown implements OnApplicationShutdown {
  constructor(
    private readonly writer: RowWriter,
    private readonly reconciler: TableReconciler,
    private readonly views: UniqueViews,
  ) {}

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.writer.stop(), this.reconciler.stop()]);
    await this.views.stop();
  }
}
