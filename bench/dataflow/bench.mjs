/** The Dataflow job: what an event costs one core, and the whole job on the direct runner; README.md of the parent folder. */
import { compileBenchmarks } from './java.mjs';
import { measureElements } from './element-measures.mjs';
import { measureStreams } from './stream-measures.mjs';

const PARTS = { elements: measureElements, streams: measureStreams };

export default async function bench({ log }) {
  const names = process.env['BENCH_PARTS']?.split(',') ?? Object.keys(PARTS);
  log('compiling the job and its benchmarks');
  const classpath = compileBenchmarks();
  const measures = [];
  for (const name of names) measures.push(...(await PARTS[name](classpath, log)));
  return measures;
}
