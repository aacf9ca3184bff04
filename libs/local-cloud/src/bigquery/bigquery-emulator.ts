import type { ObjectReader, RequestLog, TableWriter } from '../ports.js';
import { startStorageWriteServer } from '../bigquery-storage-write/index.js';
import { adminRoutes, type Switches, switchesOf } from './admin/admin-routes.js';
import { Faults } from './admin/faults.js';
import { datasetRoutes } from './http/dataset-routes.js';
import { discoveryRoutes } from './http/discovery.js';
import { startHttpServer } from './http/http-server.js';
import { jobRoutes } from './http/job-routes.js';
import { projectRoutes } from './http/project-routes.js';
import { routineRoutes } from './http/routine-routes.js';
import type { Route } from './http/router.js';
import { rowRoutes } from './http/row-routes.js';
import { tableRoutes } from './http/table-routes.js';
import { UploadRoutes } from './http/upload-routes.js';
import { runLoad } from './load/load-job.js';
import { TableExpiry } from './operations/table-expiry.js';
import { makeTableWriter } from './operations/table-writer.js';
import { Jobs } from './query/job.js';
import { QueryEngine } from './query/query-engine.js';
import { Warehouse } from './warehouse/warehouse.js';

/** Options of the emulator; port 0 takes a free one. */
export interface BigqueryEmulatorOptions {
  readonly host: string;
  /** Port of REST v2, also of the admin calls. */
  readonly port: number;
  /** Port of the Storage Write API (gRPC). */
  readonly storageWritePort?: number;
  /** Folder that keeps everything over restarts; without it all is in memory. */
  readonly dataDirectory?: string;
  /** Memory for rows and queries, in MiB; default half of the machine's, at most 4,096. */
  readonly queryMemoryMib?: number | undefined;
  /** Milliseconds until writers see new tables and columns. */
  readonly metadataLagMs?: number;
  /** Limits a table to 5 changes in 10 seconds (50 when partitioned), as in BigQuery. */
  readonly metadataRateLimit?: boolean;
  /** Cloud Storage for the `sourceUris` of load jobs; without it they are refused. */
  readonly objects?: ObjectReader;
  /** Refuses the names of dropped columns for 7 days, as BigQuery does. */
  readonly reserveDroppedColumns?: boolean;
  /** HTML of `GET /`. */
  readonly index?: () => string;
  readonly log: RequestLog;
}

/** A running emulator. `tables` writes rows in-process, through the same queue as insertAll. */
export interface BigqueryEmulator {
  readonly host: string;
  readonly port: number;
  readonly storageWritePort: number;
  readonly tables: TableWriter;
  /** Settings that admin calls have made. */
  switches(): Switches;
  stop(): Promise<void>;
}

/**
 * Starts the embedded BigQuery; resolves when it answers requests.
 *
 * Errors: `EADDRINUSE` and the like from listening; DuckDB's error when the data folder is in use.
 */
export async function startBigqueryEmulator(options: BigqueryEmulatorOptions): Promise<BigqueryEmulator> {
  const warehouse = await Warehouse.open(options);
  const engine = new QueryEngine(warehouse);
  const { objects } = options;
  const jobs = new Jobs(
    engine,
    (load, upload) => runLoad(warehouse, load, { upload, objects }),
    warehouse.now,
  );
  const resourceRoutes = [
    ...datasetRoutes(warehouse),
    ...tableRoutes(warehouse, engine),
    ...routineRoutes(warehouse),
    ...rowRoutes(warehouse, jobs),
  ];
  // Jobs count the statements of their queries themselves.
  const api = [
    ...resourceRoutes.map((route) => asStatement(warehouse, route)),
    ...jobRoutes(jobs),
    ...projectRoutes(warehouse),
  ];
  const faults = new Faults();
  const routes = [...api, ...discoveryRoutes(api), ...adminRoutes(warehouse, faults)];
  const intercept = (routeId: string): Promise<'proceed' | 'reset'> =>
    routeId.startsWith('admin.') ? Promise.resolve('proceed') : faults.intercept(routeId);
  const { host, port, log } = options;
  const http = await startHttpServer({
    host,
    port,
    routes,
    uploads: new UploadRoutes(jobs),
    log,
    intercept,
    index: options.index,
  });
  const storageWritePort = options.storageWritePort ?? 0;
  const storageWrite = await startStorageWriteServer({
    host,
    port: storageWritePort,
    warehouse,
    faults,
    log,
  });
  const expiry = new TableExpiry(warehouse);
  return {
    host,
    port: http.port,
    storageWritePort: storageWrite.port,
    tables: makeTableWriter(warehouse),
    switches: () => switchesOf(warehouse, faults),
    async stop() {
      storageWrite.stop();
      await http.stop();
      await expiry.stop();
      await warehouse.close();
    },
  };
}

/** Such a request waits for older statements that have used up the memory, as a query does. */
function asStatement({ statements }: Warehouse, route: Route): Route {
  const handle: Route['handle'] = (request) => statements.run(async () => route.handle(request));
  return { ...route, handle };
}
