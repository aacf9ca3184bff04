import { existsSync } from 'node:fs';
import type { Connection } from '../command/connection.js';
import { SetupError, UsageError } from '../command/exit-codes.js';
import { readLines, type SourceLine } from './read-lines.js';
import { StorageObjects } from './storage-objects.adapter.js';

/**
 * The lines of what was named on the command line: files, `gs://` objects, all objects that begin alike, or stdin.
 * Each is looked for before the first line is read.
 * @throws UsageError where there is no such file, SetupError where Cloud Storage has no such bucket or object
 */
export async function linesOf(
  given: readonly string[],
  { projectId, storageUrl }: Pick<Connection, 'projectId' | 'storageUrl'>,
): Promise<AsyncIterable<SourceLine>> {
  const objects = new StorageObjects({
    projectId,
    ...(storageUrl === undefined ? {} : { endpoint: storageUrl }),
  });
  const sources = (await Promise.all(given.map((source) => expand(source, objects)))).flat();
  return readLines(sources, (address) => objects.open(address));
}

async function expand(source: string, objects: StorageObjects): Promise<string[]> {
  if (source.startsWith('gs://')) {
    if (!/^gs:\/\/[^/]+\/.+$/.test(source))
      throw new UsageError(`${source} names no object: gs://bucket/object`);
    const found = await objects.expand(source);
    if (found.length === 0) throw new SetupError(`${source}: no object begins so.`);
    return found;
  }
  if (source !== '-' && !existsSync(source)) throw new UsageError(`There is no file ${source}.`);
  return [source];
}
