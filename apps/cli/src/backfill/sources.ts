import { existsSync } from 'node:fs';
import type { Connection } from '../command/connection.js';
import { UsageError } from '../command/exit-codes.js';
import { readLines, type SourceLine } from './read-lines.js';
import { StorageObjects } from './storage-objects.adapter.js';

const STORAGE_PORT = '4443';

/**
 * The lines of what was named on the command line: files, `gs://` objects, all objects that begin alike, or stdin.
 * @throws UsageError where there is none
 */
export async function linesOf(
  given: readonly string[],
  { projectId, isLocal }: Pick<Connection, 'projectId' | 'isLocal'>,
): Promise<AsyncIterable<SourceLine>> {
  const objects = new StorageObjects({ projectId, ...(isLocal ? { endpoint: storageUrl() } : {}) });
  const sources = (await Promise.all(given.map((source) => expand(source, objects)))).flat();
  if (sources.length === 0) throw new UsageError('No object of Cloud Storage begins so.');
  return readLines(sources, (address) => objects.open(address));
}

async function expand(source: string, objects: StorageObjects): Promise<string[]> {
  if (source.startsWith('gs://')) {
    if (!/^gs:\/\/[^/]+\/.+$/.test(source))
      throw new UsageError(`${source} names no object: gs://bucket/object`);
    return objects.expand(source);
  }
  if (source !== '-' && !existsSync(source)) throw new UsageError(`There is no file ${source}.`);
  return [source];
}

/** Where the local cloud's Cloud Storage answers. */
export function storageUrl(): string {
  return (
    process.env['STORAGE_EMULATOR_HOST'] ?? `http://127.0.0.1:${process.env['STORAGE_PORT'] ?? STORAGE_PORT}`
  );
}
