import type { ObjectWriter, RequestLog, TableWriter } from '../ports.js';
import { Broker } from './broker/broker.js';
import { systemClock } from './broker/clock.js';
import { Destinations } from './delivery/destinations.js';
import { createGrpcServer } from './grpc/server.js';
import { createRestServer } from './rest/server.js';
import { listenShared } from './shared-port.js';

/** `port` 0 takes a free one; without `tables` or `objects` subscriptions that need them are refused. */
export interface PubsubEmulatorOptions {
  readonly host: string;
  readonly port: number;
  readonly dataDirectory?: string;
  readonly tables?: TableWriter;
  readonly objects?: ObjectWriter;
  readonly log: RequestLog;
}

export interface PubsubEmulator {
  readonly host: string;
  readonly port: number;
  stop(): Promise<void>;
}

/**
 * Start Pub/Sub on one port, gRPC and REST v1 alike; official clients reach it through PUBSUB_EMULATOR_HOST.
 *
 * Errors: rejects with Node's own error when the port is taken (`EADDRINUSE`).
 */
export async function startPubsubEmulator(options: PubsubEmulatorOptions): Promise<PubsubEmulator> {
  const { host, log, tables } = options;
  const broker = new Broker(systemClock);
  const destinations = new Destinations(tables);
  broker.watch(destinations);
  const http = createRestServer(broker, log);
  const shared = await listenShared(options, createGrpcServer(broker, log), http);
  return {
    host,
    port: shared.port,
    async stop() {
      destinations.stop();
      broker.stop();
      await shared.close();
    },
  };
}
