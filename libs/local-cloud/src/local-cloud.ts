import { startBigqueryEmulator } from './bigquery/index.js';
import { startEventarcEmulator } from './eventarc/index.js';
import { type IndexPage, renderIndexPage } from './http/index-page.js';
import type { RequestLog } from './ports.js';
import { startPubsubEmulator } from './pubsub/index.js';
import { startStorageEmulator } from './storage/index.js';
import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

/** Ports of the embedded services; 0 takes a free one. */
export interface LocalCloudPorts {
  readonly pubsub: number;
  readonly bigquery: number;
  readonly bigqueryStorage: number;
  readonly storage: number;
  readonly eventarc: number;
}

/** Default ports; those of Google's own emulators where there is one. */
export const DEFAULT_LOCAL_CLOUD_PORTS: LocalCloudPorts = {
  pubsub: 8085,
  bigquery: 9050,
  bigqueryStorage: 9060,
  storage: 4443,
  eventarc: 9080,
};

export interface LocalCloudOptions {
  /** Default: loopback, because the services check no credentials. */
  readonly host?: string;
  readonly ports?: Partial<LocalCloudPorts>;
  /** State lives in this folder and survives restarts, `kill -9` included; in memory without it. */
  readonly dataDirectory?: string;
  /** Memory of BigQuery for rows and queries, in MiB; default half of the machine's, at most 4,096. */
  readonly queryMemoryMib?: number;
  /** Milliseconds for which writers do not see new tables and columns, as in BigQuery. Default 0. */
  readonly metadataLagMs?: number;
  /** Milliseconds that a message waits for its file at most; without it, as long as its subscription says. */
  readonly maxFileDelayMs?: number;
  readonly log?: RequestLog;
}

/** A running local cloud: where its services answer, and how to end it. */
export interface LocalCloud {
  readonly host: string;
  readonly ports: LocalCloudPorts;
  /** `http://host:port` of each service that speaks HTTP. */
  readonly urls: {
    readonly pubsub: string;
    readonly bigquery: string;
    readonly storage: string;
    readonly eventarc: string;
  };
  stop(): Promise<void>;
}

/**
 * Start Pub/Sub, BigQuery, Cloud Storage and Eventarc in this process.
 *
 * Shape: `await startLocalCloud({ports: {pubsub: 0}})` → `{host, ports, urls, stop}`; services that depend on each
 * other are wired (BigQuery and Cloud Storage subscriptions of Pub/Sub write without a detour over HTTP).
 * Errors: throws `EADDRINUSE` with the port when one is taken; what had started by then is stopped again.
 */
export async function startLocalCloud(options: LocalCloudOptions = {}): Promise<LocalCloud> {
  const host = options.host ?? '127.0.0.1';
  const wanted = { ...DEFAULT_LOCAL_CLOUD_PORTS, ...options.ports };
  const log: RequestLog = options.log ?? (() => undefined);
  const started: { stop(): Promise<void> }[] = [];
  const stop = async (): Promise<void> => {
    for (const service of started.splice(0).reverse()) await service.stop();
  };
  const keep = <Service extends { stop(): Promise<void> }>(service: Service): Service => {
    started.push(service);
    return service;
  };
  if (options.dataDirectory !== undefined) makePrivate(options.dataDirectory);
  const folder = (name: string): { dataDirectory?: string } =>
    options.dataDirectory === undefined ? {} : { dataDirectory: join(options.dataDirectory, name) };

  let page: IndexPage = { services: [], switches: [] };
  let switches = (): object => ({});
  const index = (): string =>
    renderIndexPage({ ...page, switches: [...page.switches, ...switchRows(switches())] });

  try {
    const storage = keep(
      await startStorageEmulator({ host, port: wanted.storage, log, index, ...folder('storage') }),
    );
    const bigquery = keep(
      await startBigqueryEmulator({
        host,
        port: wanted.bigquery,
        storageWritePort: wanted.bigqueryStorage,
        objects: storage.contents,
        metadataLagMs: options.metadataLagMs ?? 0,
        queryMemoryMib: options.queryMemoryMib,
        log,
        index,
        ...folder('bigquery'),
      }),
    );
    const { tables } = bigquery;
    const { objects } = storage;
    const pubsub = keep(
      await startPubsubEmulator({
        host,
        port: wanted.pubsub,
        tables,
        objects,
        maxFileDelayMs: options.maxFileDelayMs,
        log,
        index,
        ...folder('pubsub'),
      }),
    );
    const pubsubAddress = `${host}:${pubsub.port}`;
    const eventarc = keep(
      await startEventarcEmulator({ host, port: wanted.eventarc, pubsubAddress, log, index }),
    );
    const cloud: LocalCloud = {
      host,
      ports: {
        pubsub: pubsub.port,
        bigquery: bigquery.port,
        bigqueryStorage: bigquery.storageWritePort,
        storage: storage.port,
        eventarc: eventarc.port,
      },
      urls: {
        pubsub: `http://${pubsubAddress}`,
        bigquery: `http://${host}:${bigquery.port}`,
        storage: `http://${host}:${storage.port}`,
        eventarc: `http://${host}:${eventarc.port}`,
      },
      stop,
    };
    page = {
      services: addressesOf(cloud),
      switches: [{ name: 'state', value: options.dataDirectory ?? 'in memory' }],
    };
    switches = () => bigquery.switches();
    return cloud;
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Each service with its address, and the variable that brings Google's clients to it. */
export function addressesOf({
  host,
  ports,
  urls,
}: Pick<LocalCloud, 'host' | 'ports' | 'urls'>): IndexPage['services'] {
  return [
    { name: 'Pub/Sub', address: urls.pubsub, variable: `PUBSUB_EMULATOR_HOST=${host}:${ports.pubsub}` },
    { name: 'BigQuery', address: urls.bigquery, variable: `BIGQUERY_EMULATOR_HOST=${urls.bigquery}` },
    { name: 'Storage Write', address: `${host}:${ports.bigqueryStorage}` },
    { name: 'Cloud Storage', address: urls.storage, variable: `STORAGE_EMULATOR_HOST=${urls.storage}` },
    { name: 'Eventarc', address: urls.eventarc },
  ];
}

function switchRows(switches: object): IndexPage['switches'] {
  return Object.entries(switches).map(([name, value]) => ({ name, value: JSON.stringify(value) }));
}

/** Events may hold personal data: the folder is closed to other accounts, also one that an earlier version made. */
function makePrivate(dataDirectory: string): void {
  mkdirSync(dataDirectory, { recursive: true, mode: 0o700 });
  chmodSync(dataDirectory, 0o700);
}
