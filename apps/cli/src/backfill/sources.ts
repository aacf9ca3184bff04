import { existsSync, statSync } from 'node:fs';
import type { Connection } from '../command/connection.js';
import { SetupError, UsageError } from '../command/exit-codes.js';
import { checkBeginning, readLines, type OpenObject, type SourceLine } from './read-lines.js';
import { StorageObjects } from './storage-objects.adapter.js';

/**
 * The lines of what was named on the command line: files, `gs://` objects, all objects that begin alike, or stdin.
 * Each is looked for, and its beginning is read, before the first line is given.
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
  const openObject: OpenObject = (address) => objects.open(address);
  for (const source of sources) if (source !== '-') await checkBeginning(source, openObject);
  return readLines(sources, openObject);
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
  if (source !== '-' && statSync(source).isDirectory())
    throw new UsageError(`${source} is a folder: name its files (${source}/*).`);
  return [source];
}
