import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive } from './run-files.js';

const NAME = 'npm-start.lock';

/**
 * Takes the folder of `--data` for this process: two would write the same warehouse. A lock of a process that is gone is
 * replaced.
 *
 * @returns a function that gives the folder back
 * @throws Error with the process that holds it
 */
export function lockDataFolder(folder: string, pid: number): () => void {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, NAME);
  const holder = take(file, pid);
  if (holder !== null) {
    if (isAlive(holder)) throw new Error(`another npm start uses it (pid ${holder}): stop that one first.`);
    rmSync(file, { force: true });
    if (take(file, pid) !== null) throw new Error('another npm start has just taken it.');
  }
  return () => {
    rmSync(file, { force: true });
  };
}

/** @returns null if the lock was taken, else the pid of its holder */
function take(file: string, pid: number): number | null {
  try {
    writeFileSync(file, `${pid}\n`, { flag: 'wx' });
    return null;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return Number(readFileSync(file, 'utf8'));
  }
}
