import { DEFAULT_PIPELINE_NAMES } from '@pipeline/local-cloud';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';

const POLL_MS = 20;
/** Clock ticks of Linux in a second, in which /proc counts processor time. */
const TICKS = 100;

/**
 * Runs `pipeline` with these words, and kills it after `killAfterMs`.
 * @returns its exit code (null if it was killed), output, peak memory and processor time as far as they were seen; 0 without /proc
 */
export async function measuredCommand(endpoint, words, { killAfterMs = null, exitCodes = [0] } = {}) {
  const child = spawn(
    process.execPath,
    ['apps/cli/dist/main.js', ...words, '--json', '--project', DEFAULT_PIPELINE_NAMES.projectId],
    {
      env: { ...process.env, BIGQUERY_EMULATOR_HOST: endpoint },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  let output = '';
  child.stdout.on('data', (data) => (output += data));
  let used = { peakMegabytes: 0, processorSeconds: 0 };
  const timer = setInterval(() => {
    const seen = usedBy(child.pid);
    // A process that has ended has no memory.
    if (seen !== undefined && seen.peakMegabytes > 0) used = seen;
  }, POLL_MS);
  const killer = killAfterMs === null ? null : setTimeout(() => child.kill('SIGKILL'), killAfterMs);
  const [exitCode] = await once(child, 'close');
  clearInterval(timer);
  clearTimeout(killer);
  if (exitCode !== null && !exitCodes.includes(exitCode))
    throw new Error(`pipeline ${words[0]} ended with ${exitCode}`);
  return { ...used, exitCode, output };
}

function usedBy(pid) {
  try {
    const [, kilobytes = '0'] = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /, '')
      .split(' ');
    return {
      peakMegabytes: (Number(kilobytes) * 1_024) / 1e6,
      processorSeconds: (Number(fields[11]) + Number(fields[12])) / TICKS,
    };
  } catch {
    return undefined;
  }
}
