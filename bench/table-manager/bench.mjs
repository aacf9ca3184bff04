import { measureBurst } from './burst-measures.mjs';
import { measureDirect } from './direct-measures.mjs';
import { measureKnown } from './known-measures.mjs';
import { measureManyTables } from './many-tables-measures.mjs';
import { measureMemory } from './memory-measures.mjs';
import { measureWebhooks } from './webhooks-measures.mjs';

const PARTS = {
  known: measureKnown,
  direct: measureDirect,
  many: measureManyTables,
  memory: measureMemory,
  burst: measureBurst,
  webhooks: measureWebhooks,
};

/** table-manager as a process against the local cloud; `BENCH_PARTS=known,direct` runs some parts only. */
export default async function benchTableManager({ log }) {
  const wanted = (process.env['BENCH_PARTS'] ?? Object.keys(PARTS).join(',')).split(',');
  const measures = [];
  for (const name of wanted) measures.push(...(await PARTS[name](log)));
  return measures;
}
