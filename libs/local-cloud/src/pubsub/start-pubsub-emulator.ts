import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ObjectWriter, RequestLog, TableWriter } from '../ports.js';
import { Broker } from './broker/broker.js';
import { systemClock } from './broker/clock.js';
import { Destinations } from './delivery/destinations.js';
import { OidcSigner } from './delivery/oidc-signer.js';
import { createGrpcServer } from './grpc/server.js';
import { FileJournal } from './journal/file-journal.js';
import { noJournal } from './journal/records.js';
import { checkpoint, restore } from './journal/restore.js';
import { createRestServer } from './rest/server.js';
import { listenShared } from './shared-port.js';

/**
 * `port` 0 takes a free one. Without `dataDirectory` everything is in memory; without `tables` or `objects`
 * subscriptions that need them are refused.
 */
export interface PubsubEmulatorOptions {
  readonly host: string;
  readonly port: number;
  readonly dataDirectory?: string;
  readonly tables?: TableWriter;
  readonly objects?: ObjectWriter;
  /** Milliseconds that a message waits for its file at most, whatever its subscription says (a minute or more). */
  readonly maxFileDelayMs?: number | undefined;
  /** HTML of `GET /`. */
  readonly index?: () => string;
  readonly log: RequestLog;
}

export interface PubsubEmulator {
  readonly host: string;
  readonly port: number;
  stop(): Promise<void>;
}

/** The key that push tokens are signed with, kept beside the journal. */
const KEY_FILE = 'push-token-key.pem';

/**
 * Start Pub/Sub on one port, gRPC and REST v1 alike; official clients reach it through PUBSUB_EMULATOR_HOST.
 *
 * Errors: rejects with Node's own error when the port is taken (`EADDRINUSE`).
 */
export async function startPubsubEmulator(options: PubsubEmulatorOptions): Promise<PubsubEmulator> {
  const { host, log, tables, objects, dataDirectory, maxFileDelayMs } = options;
  const journal = dataDirectory === undefined ? undefined : new FileJournal(dataDirectory);
  const broker = new Broker(systemClock, journal ?? noJournal);
  if (journal !== undefined) {
    restore(broker, journal.read());
    journal.checkpointFrom(() => checkpoint(broker));
  }
  const signer = lazySigner(dataDirectory);
  const destinations = new Destinations({ tables, objects, signer, maxFileDelayMs });
  const http = createRestServer(broker, {
    host,
    jwks: () => signer().jwks(),
    log,
    index: options.index,
  });
  const shared = await listenShared(options, createGrpcServer(broker, log), http).catch((error: unknown) => {
    journal?.close();
    throw error;
  });
  broker.watch(destinations);
  return {
    host,
    port: shared.port,
    async stop() {
      destinations.stop();
      broker.stop();
      await shared.close();
      journal?.close();
    },
  };
}

/** The key is made when it is first asked for: that takes longer than everything else at the start. */
function lazySigner(dataDirectory: string | undefined): () => OidcSigner {
  let signer: OidcSigner | undefined;
  return () => (signer ??= openSigner(dataDirectory));
}

function openSigner(dataDirectory: string | undefined): OidcSigner {
  if (dataDirectory === undefined) return new OidcSigner(null);
  const path = join(dataDirectory, KEY_FILE);
  if (existsSync(path)) return new OidcSigner(readFileSync(path, 'utf8'));
  const signer = new OidcSigner(null);
  writeFileSync(path, signer.toPem(), { mode: 0o600 });
  return signer;
}
