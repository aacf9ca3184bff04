import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { fitters, inferSchema } from './engine.mjs';
import { makeEvents } from './fixtures.mjs';

const FITS = Number(process.env['BENCH_FITS'] ?? 1_000_000);
const WARM_UP_FITS = 100_000;
/** Compiled code and inline caches still move a little after the warm-up; a leak of one byte a fit is beyond this. */
const TOLERATED_MB = 1;

function heapMb() {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc');
  collect();
  collect();
  return process.memoryUsage().heapUsed / 1e6;
}

/** Fits in one process, rows built, and the heap after them against the heap after the first 100,000. */
export function measureHeap(log) {
  log(`heap: ${FITS.toLocaleString('en-US')} fits`);
  const batch = makeEvents('order', 100);
  const { row } = fitters(inferSchema(batch));
  const run = (fits) => {
    for (let index = 0; index < fits; index++) row(batch[index % batch.length]);
  };
  run(WARM_UP_FITS);
  const before = heapMb();
  run(FITS - WARM_UP_FITS);
  const grown = heapMb() - before;
  return [
    {
      name: `heap growth over ${FITS.toLocaleString('en-US')} fits`,
      value: grown,
      unit: 'MB',
      peer: 'after the first 100,000',
      target: `≤ ${TOLERATED_MB} MB`,
      met: grown <= TOLERATED_MB,
    },
  ];
}
