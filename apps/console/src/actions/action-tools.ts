import {
  BigqueryTableStore,
  createTableTools,
  readNewTableRefusal,
  type PlanReporterOptions,
  type TableTools,
} from '@pipeline/bigquery-tables';
import type { PendingList } from '@pipeline/books';
import { Forecaster } from '@pipeline/books';
import { PubsubPublisher, type BigqueryClient } from '@pipeline/google-clients';
import type { Identity } from '../access/access.js';
import type { ConsoleSettings } from '../config/console.settings.js';
import { SERVICE_VERSION } from '../service-version.js';
import type { Warehouse } from '../warehouse/warehouse.js';

type ToolSettings = Pick<ConsoleSettings, 'projectId' | 'topic' | 'replayTopic' | 'pubsubEmulatorHost'>;

/** An approval waits so long for writers that do not know the change yet; promotion moves what is left. */
const PATIENCE_MS = 30_000;

/** The means of actions: the same as those of the commands, under the name of the person. */
export class ActionTools {
  constructor(
    private readonly settings: ToolSettings,
    private readonly client: BigqueryClient,
    readonly warehouse: Warehouse,
    readonly pending: Pick<PendingList, 'decided'>,
  ) {}

  get replayTopic(): string {
    return this.settings.replayTopic;
  }

  get eventsTopic(): string {
    return this.settings.topic;
  }

  /** A publisher; close it after use. */
  publisher(topic: string): PubsubPublisher {
    const { projectId, pubsubEmulatorHost: emulatorHost } = this.settings;
    return new PubsubPublisher({ projectId, topic, ...(emulatorHost === undefined ? {} : { emulatorHost }) });
  }

  /** Fits against the schemas as they are now. */
  forecaster(): Forecaster {
    const { readSchema, routing } = this.warehouse;
    return new Forecaster({
      readSchema,
      ...routing,
      newTypes: () => readNewTableRefusal(this.warehouse.store),
    });
  }

  /** Plans against the tables as they are now. */
  get planning(): PlanReporterOptions {
    const { projectId, datasetId } = this.client;
    const store = new BigqueryTableStore(this.client);
    return {
      projectId,
      datasetId,
      ...this.warehouse.routing,
      readTable: (table) => store.read(table),
      newTableRefusal: () => readNewTableRefusal(store),
    };
  }

  tables({ actor }: Identity): TableTools {
    return createTableTools(this.client, {
      actor: `console@${SERVICE_VERSION}`,
      decidedBy: actor,
      patienceMs: PATIENCE_MS,
    });
  }
}
