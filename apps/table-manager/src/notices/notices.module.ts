import { Module, type DynamicModule } from '@nestjs/common';
import { BigqueryTableStore } from '@pipeline/bigquery-tables';
import {
  HistoryFacts,
  LedgerFacts,
  Notifier,
  PendingFacts,
  PendingList,
  SqlNoticeOutbox,
} from '@pipeline/books';
import { BigqueryClient, BigquerySql, PubsubPublisher } from '@pipeline/google-clients';
import { PinoLogger } from 'nestjs-pino';
import type { TableManagerSettings } from '../config/table-manager.settings.js';
import { NoticeMetrics } from '../metrics/notice-metrics.js';
import { OneAtATime } from '../requests/one-at-a-time.js';
import { SERVICE_VERSION } from '../service-version.js';
import { NoticeTimer } from './notice-timer.js';
import { NoticesController } from './notices.controller.js';
import { NoticesService } from './notices.service.js';

/** Longer than the deadline of an event, because the list of waiting values is one large query. */
const QUERY_TIMEOUT_MS = 60_000;

/** `POST /notices`, and the timer. */
@Module({})
export class NoticesModule {
  static forRoot(settings: Readonly<TableManagerSettings>): DynamicModule {
    const { projectId, noticesTopic: topic, pubsubEmulatorHost } = settings;
    const publisher = new PubsubPublisher({
      projectId,
      topic,
      ...(pubsubEmulatorHost === undefined ? {} : { emulatorHost: pubsubEmulatorHost }),
    });
    const notifier = createNotifier(settings, publisher);
    return {
      module: NoticesModule,
      controllers: [NoticesController],
      providers: [
        {
          provide: NoticesService,
          inject: [PendingList, NoticeMetrics, PinoLogger],
          useFactory: (pending: PendingList, metrics: NoticeMetrics, logger: PinoLogger) =>
            new NoticesService({
              notifier,
              slot: new OneAtATime('NOTICES_RUNNING', 'A run of notices is in progress'),
              pending,
              metrics,
              logger,
            }),
        },
        {
          provide: NoticeTimer,
          inject: [NoticesService],
          useFactory: (service: NoticesService) =>
            new NoticeTimer({ service, publisher, intervalMs: settings.noticeIntervalSeconds * 1_000 }),
        },
      ],
    };
  }
}

function createNotifier(
  { projectId, dataset, bigqueryEmulatorHost, noticePauseSeconds }: Readonly<TableManagerSettings>,
  publisher: PubsubPublisher,
): Notifier {
  const client = new BigqueryClient({
    projectId,
    datasetId: dataset,
    timeoutMs: QUERY_TIMEOUT_MS,
    ...(bigqueryEmulatorHost === undefined ? {} : { endpoint: bigqueryEmulatorHost }),
  });
  const sql = new BigquerySql(client);
  const store = new BigqueryTableStore(client);
  return new Notifier({
    outbox: new SqlNoticeOutbox(sql, `table-manager@${SERVICE_VERSION}`),
    sources: [
      new HistoryFacts(sql),
      new PendingFacts(sql, async (table) => (await store.read(table))?.schema ?? null),
      new LedgerFacts(sql),
    ],
    publisher,
    source: { projectId, dataset },
    pauseMs: noticePauseSeconds * 1_000,
  });
}
