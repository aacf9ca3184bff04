import { Readable } from 'node:stream';
import { close, listen } from '../http/http-server.js';
import type { ObjectReader, ObjectWriter, RequestLog } from '../ports.js';
import { checkObjectName } from './state/names.js';
import type { ObjectStore } from './objects/object-store.js';
import { StorageError } from './state/storage.errors.js';
import { StorageRouter } from './http/storage-router.js';
import { createStorageServer } from './http/storage-server.js';
import { StorageState } from './state/storage-state.js';

/** Without `dataDirectory` the state lives in memory; with it, it survives `kill -9`. Port 0 takes a free one. */
export interface StorageEmulatorOptions {
  readonly host: string;
  readonly port: number;
  readonly dataDirectory?: string;
  /** HTML of `GET /`. */
  readonly index?: () => string;
  readonly log: RequestLog;
}

export interface StorageEmulator {
  readonly host: string;
  readonly port: number;
  /** For Cloud Storage subscriptions: stores a finished object as an upload would. */
  readonly objects: ObjectWriter;
  /** For BigQuery's load jobs. */
  readonly contents: ObjectReader;
  stop(): Promise<void>;
}

/**
 * Start the embedded Cloud Storage (JSON API v1 and object reads of the XML API) and return when it accepts requests.
 *
 * Errors: rejects when the port is taken or the data directory cannot be used. One process per data directory.
 * What it supports, refuses and does differently: README.md beside this file.
 */
export async function startStorageEmulator(options: StorageEmulatorOptions): Promise<StorageEmulator> {
  const state = await StorageState.open(options.dataDirectory, Date.now);
  const router = new StorageRouter(state);
  const server = createStorageServer(router, options);
  const port = await listen(server, options);
  return {
    host: options.host,
    port,
    objects: toObjectWriter(router.objects),
    contents: toObjectReader(router.objects),
    stop: async () => {
      await close(server);
      await router.sessions.close();
      await state.close();
    },
  };
}

function toObjectWriter(objects: ObjectStore): ObjectWriter {
  return {
    writeObject: async ({ bucket, name, contentType, bytes }) => {
      try {
        checkObjectName(name);
        const target = { bucket, name, fields: { contentType }, expected: {}, conditions: {} };
        await objects.upload(target, Readable.from([bytes]));
        return { kind: 'written' };
      } catch (failure) {
        return { kind: 'failed', reason: StorageError.from(failure).message };
      }
    },
  };
}

function toObjectReader(objects: ObjectStore): ObjectReader {
  return {
    listObjects: (bucket, matches) =>
      objects
        .list(bucket, false)
        .map(({ name }) => name)
        .filter(matches),
    readObject: (bucket, name) => objects.read(objects.find({ bucket, name }, {}, 'read')),
  };
}
