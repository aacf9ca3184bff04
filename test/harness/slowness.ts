import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** The start and end of an idle Node process on an idle machine, in milliseconds. */
const IDLE_MS = 100;
const ROUNDS = 5;

/** Returns the duration of a process now as a multiple of its duration on an idle machine; at least 1. Scales limits of time. */
export async function slownessOfMachine(): Promise<number> {
  const startedAtMs = performance.now();
  for (let round = 0; round < ROUNDS; round++)
    await once(spawn(process.execPath, ['--eval', '0'], { stdio: 'ignore' }), 'exit');
  return Math.max(1, (performance.now() - startedAtMs) / ROUNDS / IDLE_MS);
}
