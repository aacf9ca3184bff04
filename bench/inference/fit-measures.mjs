import { assertFits, fitters, inferSchema } from './engine.mjs';
import { makeEvents, MATCHING_KINDS } from './fixtures.mjs';
import { race } from './timing.mjs';

const BATCH = 64;
const PARSE = { peer: 'JSON.parse(buffer.toString())', peerVersion: `Node ${process.versions.node}` };
const VERDICT_TARGET = 0.75;
const APPEND_TARGET = 0.8;
const EXACT_TARGET = 0.15;

const overAll = (batch, work) => () => {
  for (const bytes of batch) work(bytes);
};

function raceAgainstParse(kind, isWritten) {
  const batch = makeEvents(kind, BATCH);
  const schema = inferSchema(batch);
  assertFits(schema, batch, { isWritten });
  const { verdict, row, stored } = fitters(schema);
  const ms = race({
    parse: overAll(batch, (bytes) => JSON.parse(bytes.toString())),
    verdict: overAll(batch, verdict),
    row: overAll(batch, row),
    stored: overAll(batch, stored),
  });
  const bytes = batch.reduce((sum, event) => sum + event.length, 0);
  return { ms, toMbPerSecond: (took) => bytes / 1_000 / took };
}

function against({ ms, toMbPerSecond }, name, took, target = null) {
  const ratio = ms.parse / took;
  return {
    name,
    value: toMbPerSecond(took),
    unit: 'MB/s',
    ...PARSE,
    ratio,
    ...(target === null ? {} : { target: `≥ ${target} ×`, met: ratio >= target }),
  };
}

/** Parse and fit of events whose table has every column, against bare parsing of the same bytes. */
export function measureFit(log) {
  return MATCHING_KINDS.flatMap((kind) => {
    log(`fit: ${kind}`);
    const result = raceAgainstParse(kind, true);
    return [
      against(result, `fit ${kind}, verdict only`, result.ms.verdict, VERDICT_TARGET),
      against(result, `${kind}: row as append bytes`, result.ms.stored, APPEND_TARGET),
    ];
  });
}

/** The same where every event holds numbers that a double would round. */
export function measureExactPath(log) {
  log('exact path');
  const result = raceAgainstParse('exact', false);
  return [against(result, 'fit on the exact path, with the row', result.ms.row, EXACT_TARGET)];
}
