import { spawnSync } from 'node:child_process';
import { ROUNDS } from './timing.mjs';

const PYTHON = process.env['BENCH_PYTHON'] ?? 'python3';

/** Times inside Python, after its imports, so that the start of the interpreter does not count. */
const SCRIPT = `
import json, logging, platform, statistics, sys, time
from importlib.metadata import version
from bigquery_schema_generator.generate_schema import SchemaGenerator
logging.disable(logging.CRITICAL)
lines = sys.stdin.read().splitlines()
def infer():
    SchemaGenerator(input_format='json', quoted_values_are_strings=True).deduce_schema(lines)
infer()
took = []
for _ in range(${ROUNDS}):
    start = time.process_time()
    infer()
    took.append((time.process_time() - start) * 1000)
print(json.dumps({'ms': statistics.median(took), 'version': version('bigquery-schema-generator'), 'pythonVersion': platform.python_version()}))
`;

/**
 * Time bigquery-schema-generator on the same events, where a Python that has it is to be found.
 *
 * @returns `{kind: 'timed', ms, version, pythonVersion}`, ms for the whole batch, or `{kind: 'missing', reason}`.
 */
export function pythonPeer(batch) {
  const input = `${batch.map((bytes) => bytes.toString()).join('\n')}\n`;
  const { status, stdout, error } = spawnSync(PYTHON, ['-c', SCRIPT], {
    input,
    encoding: 'utf8',
    timeout: 60_000,
  });
  if (error?.code === 'ENOENT') return { kind: 'missing', reason: `no ${PYTHON} to run` };
  if (status !== 0)
    return { kind: 'missing', reason: 'it is not installed (BENCH_PYTHON names a Python that has it)' };
  return { kind: 'timed', ...JSON.parse(stdout) };
}
