import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The repository's folder, from sources as well as from `test/dist`. */
export const ROOT = ((): string => {
  let folder = import.meta.dirname;
  while (!existsSync(join(folder, 'scripts/deploy.sh'))) folder = dirname(folder);
  return folder;
})();
