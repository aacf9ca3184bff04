import { createWriteStream, existsSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Connection } from '../command/connection.js';
import { SetupError, UsageError } from '../command/exit-codes.js';
import { checkBeginning, readLines, type OpenObject, type ReadOptions } from './read-lines.js';
import type { SourceLine } from './source-line.js';
import { StorageObjects } from './storage-objects.adapter.js';

/** The events of what was named on the command line. */
export interface Sources {
  /** Every file and object by name, after `*` was expanded. */
  readonly names: readonly string[];
  /** Reads all of them from the beginning; may be called again if they were opened to be read twice. */
  readonly lines: () => AsyncIterable<SourceLine>;
  /** Removes what was kept of stdin. */
  readonly close: () => Promise<void>;
}

export interface SourceOptions {
  /** `csv`: all of them are CSV; otherwise those are whose names end in .csv or .tsv, packed by gzip or not. */
  readonly format: string;
  readonly textColumns?: readonly string[];
  /** Keeps stdin in a temporary file, since it can be read only once. */
  readonly isReadTwice: boolean;
}

const CSV_NAME = /\.[ct]sv(?:\.gz)?$/i;

/**
 * Opens files, `gs://` objects, all objects that begin alike, or stdin. Each is looked for, and its beginning is read, before the
 * first line is given.
 *
 * @throws UsageError for a missing file or a format that is not read, SetupError for a missing bucket or object
 */
export async function openSources(
  given: readonly string[],
  { projectId, storageUrl }: Pick<Connection, 'projectId' | 'storageUrl'>,
  { format, textColumns = [], isReadTwice }: SourceOptions,
): Promise<Sources> {
  const objects = new StorageObjects({
    projectId,
    ...(storageUrl === undefined ? {} : { endpoint: storageUrl }),
  });
  const names = (await Promise.all(given.map((source) => expand(source, objects)))).flat();
  const openObject: OpenObject = (address) => objects.open(address);
  const isCsv = (source: string): boolean => format === 'csv' || CSV_NAME.test(source);
  for (const name of names) if (name !== '-') await checkBeginning(name, openObject, { isCsv });
  const isKept = names.includes('-') && (isReadTwice || isCsv('-'));
  const folder = isKept ? await keepStdin() : null;
  const options: ReadOptions = {
    isCsv,
    textColumns,
    ...(folder === null ? {} : { stdinFile: join(folder, STDIN_NAME) }),
  };
  return {
    names,
    lines: () => readLines(names, openObject, options),
    close: () => (folder === null ? Promise.resolve() : rm(folder, { recursive: true, force: true })),
  };
}

const STDIN_NAME = 'stdin';

async function keepStdin(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'pipeline-'));
  await pipeline(process.stdin, createWriteStream(join(folder, STDIN_NAME), { mode: 0o600 }));
  return folder;
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
