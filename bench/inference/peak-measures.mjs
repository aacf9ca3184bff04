import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { LARGEST_SHAPES } from './largest-events.mjs';

const SIZES = [4_000_000, 9_900_000];
/** Megabytes of V8's old space: what a table-manager with 512 MiB of memory may leave to one message. */
const OLD_SPACE_MB = 256;
const TARGET_MB = 400;

/** Runs one shape in a process of its own; null if the process died. */
function settle(shape, size) {
  const script = join(import.meta.dirname, 'peak-child.mjs');
  const flags = [`--max-old-space-size=${OLD_SPACE_MB}`];
  try {
    return JSON.parse(
      execFileSync(process.execPath, [...flags, script, shape, String(size)], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      }),
    );
  } catch {
    return null;
  }
}

/** Decode, fit, plan and row of the largest hostile messages: the growth of the process's peak memory. */
export function measurePeak(log) {
  return Object.keys(LARGEST_SHAPES).flatMap((shape) =>
    SIZES.map((size) => {
      log(`peak: ${shape}, ${size / 1e6} MB`);
      const settled = settle(shape, size);
      return {
        name: `peak memory, ${size / 1e6} MB, ${shape}${settled === null ? '' : ` (${settled.outcome}, ${Math.round(settled.cpuMs)} ms)`}`,
        value: settled?.peakMb ?? Number.NaN,
        unit: 'MB',
        peer: `a process with ${OLD_SPACE_MB} MB of heap`,
        target: `≤ ${TARGET_MB} MB`,
        met: settled !== null && settled.peakMb <= TARGET_MB,
      };
    }),
  );
}
