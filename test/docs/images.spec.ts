import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const ROOT = join(import.meta.dirname, '..', '..');

interface Manifest {
  readonly name: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8')) as Manifest;
}

/** Folders of all workspaces: `apps/cli`, `libs/books`, … */
const WORKSPACES = globSync('{apps,libs}/*/package.json', { cwd: ROOT }).map(dirname).sort();
const FOLDER_OF = new Map(WORKSPACES.map((folder) => [readManifest(folder).name, folder]));

/** Returns the workspaces that one runs on: itself and every workspace that it depends on, however far. */
function closure(folder: string, seen = new Set<string>()): ReadonlySet<string> {
  if (!seen.has(folder)) {
    seen.add(folder);
    for (const name of Object.keys(readManifest(folder).dependencies ?? {})) {
      const dependency = FOLDER_OF.get(name);
      if (dependency !== undefined) closure(dependency, seen);
    }
  }
  return seen;
}

/** The images that hold a workspace, with the folder of the workspace. */
const IMAGES = globSync('docker/*.Dockerfile', { cwd: ROOT })
  .map((file) => {
    const name = basename(file, '.Dockerfile');
    const folder = [`apps/${name}`, `libs/${name}`].find((path) => existsSync(join(ROOT, path)));
    return { name, folder, text: readFileSync(join(ROOT, file), 'utf8') };
  })
  .filter((image): image is typeof image & { folder: string } => image.folder !== undefined);

describe.each(IMAGES)('the image $name', ({ folder, text }) => {
  it('knows the manifest of every workspace, as npm wants it', () => {
    const copied = [...text.matchAll(/^COPY ((?:apps|libs)\/[a-z-]+)\/package\.json /gm)].map(
      ([, path]) => path,
    );

    expect(copied.sort()).toEqual(WORKSPACES);
  });

  it('holds what was built of every library that it runs on, and of no other', () => {
    const copied = [...text.matchAll(/^COPY --from=build \/app\/((?:apps|libs)\/[a-z-]+)\/dist /gm)].map(
      ([, path]) => path,
    );

    expect(copied.sort()).toEqual([...closure(folder)].sort());
  });
});
