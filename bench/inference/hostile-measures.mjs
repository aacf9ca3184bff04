import { compileSchema, decodeEvent, fit, PIPELINE_COLUMNS, plan } from '@pipeline/schema-inference';
import { HOSTILE_SHAPES } from './hostile-events.mjs';
import { cpuMs, median } from './timing.mjs';

const SMALL_BYTES = 10_000;
const LARGE_BYTES = 10_000_000;
const ROUNDS = 3;
const SMALL_REPEATS = 200;
const TARGET = 5;

const empty = { columns: PIPELINE_COLUMNS, closed: false };
const compiled = compileSchema(empty);

function take(bytes) {
  const decoded = decodeEvent({ data: bytes, attributes: {} });
  if (decoded.kind === 'rejected') return;
  const { pending } = fit(decoded.event, compiled);
  plan(empty, [pending]);
}

function nanosecondsPerByte(bytes, repeats) {
  const start = cpuMs();
  for (let index = 0; index < repeats; index++) take(bytes);
  return ((cpuMs() - start) * 1e6) / repeats / bytes.length;
}

function compare(toText) {
  const small = Buffer.from(toText(SMALL_BYTES));
  const large = Buffer.from(toText(LARGE_BYTES));
  nanosecondsPerByte(small, SMALL_REPEATS);
  const rounds = Array.from({ length: ROUNDS }, () => ({
    small: nanosecondsPerByte(small, SMALL_REPEATS),
    large: nanosecondsPerByte(large, 1),
  }));
  return {
    small: median(rounds.map((round) => round.small)),
    large: median(rounds.map((round) => round.large)),
  };
}

/** Decode, fit and plan of hostile events: time per byte at 10 MB against time per byte at 10 KB. */
export function measureHostile(log) {
  return Object.entries(HOSTILE_SHAPES).map(([shape, toText]) => {
    log(`hostile: ${shape}`);
    const { small, large } = compare(toText);
    const ratio = large / small;
    return {
      name: `10 MB, ${shape}`,
      value: large,
      unit: 'ns/byte',
      peer: 'the same at 10 KB',
      ratio,
      target: `≤ ${TARGET} ×`,
      met: ratio <= TARGET,
    };
  });
}
