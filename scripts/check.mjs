/**
 * `npm run check`: formatting, lint with import boundaries, types, dead code. Every step runs, also after a failure,
 * so that one run shows all there is to mend. `--fix` lets the formatter and the linter mend what they can.
 */
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: { fix: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
});
if (values.help) {
  console.log(
    'Usage: npm run check [-- --fix]\n\nFormatting, lint and import boundaries, types, dead code. Exit code 1 when a step fails.',
  );
  process.exit(0);
}

const steps = [
  {
    name: 'formatting',
    command: ['prettier', values.fix ? '--write' : '--check', '.', '--log-level', 'warn'],
  },
  {
    name: 'lint and boundaries',
    command: ['eslint', '.', '--max-warnings', '0', ...(values.fix ? ['--fix'] : [])],
  },
  { name: 'types', command: ['tsc', '-p', 'tsconfig.spec.json'] },
  { name: 'dead code', command: ['knip', '--no-progress'] },
];

const results = steps.map(({ name, command: [tool, ...args] }) => {
  const startedAt = performance.now();
  const { status } = spawnSync(`node_modules/.bin/${tool}`, args, { stdio: 'inherit' });
  return { name, passed: status === 0, seconds: (performance.now() - startedAt) / 1000 };
});

console.log('');
for (const { name, passed, seconds } of results) {
  console.log(`${passed ? 'ok    ' : 'FAILED'}  ${name.padEnd(20)} ${seconds.toFixed(1)} s`);
}
process.exit(results.every(({ passed }) => passed) ? 0 : 1);
