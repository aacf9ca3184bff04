import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** A file of the web application, in memory. */
export interface PageFile {
  readonly contentType: string;
  readonly bytes: Buffer;
  readonly gzipped: Buffer;
}

/** `index.html`, and the files it names by name. */
export interface PageFiles {
  readonly index: PageFile;
  readonly assets: ReadonlyMap<string, PageFile>;
}

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/**
 * Reads what `vite build` wrote: `index.html` and `assets/`.
 *
 * @throws Error that names the command if it is not built
 */
export function readPageFiles(folder: string): PageFiles {
  try {
    const names = readdirSync(join(folder, 'assets'));
    return {
      index: readPageFile(join(folder, 'index.html')),
      assets: new Map(names.map((name) => [name, readPageFile(join(folder, 'assets', name))])),
    };
  } catch (cause) {
    throw new Error(`The web application is not built in ${folder}: run npm run build`, { cause });
  }
}

function readPageFile(path: string): PageFile {
  const bytes = readFileSync(path);
  return {
    contentType: CONTENT_TYPES[extname(path)] ?? 'application/octet-stream',
    bytes,
    gzipped: gzipSync(bytes, { level: 9 }),
  };
}
