import { fileURLToPath } from 'node:url';

/** A file of the repository, from its root. */
export function repositoryFile(path: string): string {
  return fileURLToPath(new URL(`../../../../${path}`, import.meta.url));
}
