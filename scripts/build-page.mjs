/**
 * Builds the page of the console when its sources or packages changed: `apps/console/web` → `apps/console/dist/web`.
 * Runs after `npm run build` and in ensure-ready.mjs. It leaves the hash of what it built beside the page.
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(fileURLToPath(import.meta.url), '../..');
const web = join(root, 'apps/console/web');
const stamp = join(root, 'apps/console/dist/web/.sources-sha256');

function hashOfSources() {
  const sources = readdirSync(join(web, 'src'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => relative(web, join(parentPath, name)));
  const files = ['index.html', 'vite.config.mjs', ...sources];
  const hash = createHash('sha256').update(readFileSync(join(root, 'package-lock.json')));
  for (const file of files.sort()) hash.update(`${file}\0`).update(readFileSync(join(web, file)));
  return hash.digest('hex');
}

const hash = hashOfSources();
if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== hash) {
  const { build } = await import('vite');
  await build({ configFile: join(web, 'vite.config.mjs') });
  writeFileSync(stamp, hash);
}
