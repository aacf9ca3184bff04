import { spawnSync } from 'node:child_process';
import { isAlive } from './run-files.js';

const POLL_MS = 500;

/**
 * Calls back once when the npm that started this process is gone: npm and its shell end at SIGTERM without passing it on.
 * Without npm above, nothing is watched, so that `nohup` works.
 */
export function watchNpm(
  onGone: () => void,
  environment: Readonly<Record<string, string | undefined>>,
): void {
  if (environment['npm_lifecycle_event'] !== 'start' || process.platform === 'win32') return;
  const parent = process.ppid;
  const npm = npmAbove(parent);
  const timer = setInterval(() => {
    if (process.ppid === parent && isAlive(npm)) return;
    clearInterval(timer);
    onGone();
  }, POLL_MS).unref();
}

/** The parent is npm, or a shell between npm and this process. */
function npmAbove(parent: number): number {
  const { stdout, error } = spawnSync('ps', ['-o', 'ppid=,comm=', '-p', String(parent)], {
    encoding: 'utf8',
  });
  const [, above = '', name = ''] = error === undefined ? (/^\s*(\d+)\s+(\S+)/.exec(stdout) ?? []) : [];
  return /(^|\/)-?(sh|dash|bash)$/.test(name) ? Number(above) : parent;
}
