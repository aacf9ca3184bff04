import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const ROOT = join(import.meta.dirname, '..');
const CACHE = join(ROOT, '.cache/bench-base');
const MEMBERS = ['libs', 'apps'];

/**
 * Builds table-manager of the commit in `BENCH_BASE`, to be measured in the same run as this tree.
 *
 * The commit is exported to `.cache/bench-base/COMMIT` and built once. It gets the packages that are installed here, so its
 * lock file should be the same but for packages that table-manager does not need.
 * @returns the commit's short name and the path of its main.js; null without `BENCH_BASE`
 */
export async function buildBase(log) {
  const wanted = process.env['BENCH_BASE'];
  if (wanted === undefined || wanted === '') return null;
  const { stdout } = await run('git', ['rev-parse', '--short=12', `${wanted}^{commit}`], { cwd: ROOT });
  const commit = stdout.trim();
  const folder = join(CACHE, commit);
  const main = join(folder, 'apps/table-manager/dist/main.js');
  const done = join(folder, '.built');
  if (!existsSync(done)) {
    log(`building ${commit}`);
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    const archive = join(CACHE, `${commit}.tar`);
    await run('git', ['archive', '--format=tar', '-o', archive, commit], { cwd: ROOT });
    await run('tar', ['xf', archive, '-C', folder]);
    await rm(archive);
    await linkPackages(folder);
    const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
    await run(process.execPath, [tsc, '-b', 'apps/table-manager/tsconfig.app.json'], { cwd: folder });
    await writeFile(done, '');
  }
  return { commit, main };
}

/** The installed packages by links, the workspace's own from the commit. */
async function linkPackages(folder) {
  const installed = join(ROOT, 'node_modules');
  const modules = join(folder, 'node_modules');
  await mkdir(join(modules, '@pipeline'), { recursive: true });
  for (const name of await readdir(installed)) {
    if (name !== '@pipeline') await symlink(join(installed, name), join(modules, name));
  }
  for (const name of await readdir(join(installed, '@pipeline'))) {
    const member = MEMBERS.map((group) => join(folder, group, name)).find((path) => existsSync(path));
    if (member !== undefined) await symlink(member, join(modules, '@pipeline', name));
  }
  for (const group of MEMBERS) {
    for (const name of await readdir(join(folder, group))) {
      const own = join(ROOT, group, name, 'node_modules');
      if (existsSync(own)) await symlink(own, join(folder, group, name, 'node_modules'));
    }
  }
}
