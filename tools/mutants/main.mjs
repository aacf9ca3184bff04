import { spawn } from 'node:child_process';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FAULTS } from './faults.mjs';

/**
 * Does a test notice when the schema engine is wrong? Each fault is put into a copy of the library, and the library's own
 * specs run there. Arguments choose the faults whose name or file contains one of them. A fault is caught when the test that is named for it fails; a fault that no test sees makes this fail.
 */
const ROOT = join(import.meta.dirname, '../..');
const LIBRARY = 'libs/schema-inference';
const WORKSPACE = join(ROOT, '.cache/mutants');
const COPY = join(WORKSPACE, LIBRARY);
const wanted = process.argv.slice(2);
const faults = FAULTS.filter(
  ({ name, file }) => wanted.length === 0 || wanted.some((part) => `${file} ${name}`.includes(part)),
);
const RUNS = process.env['FC_RUNS'] ?? '300';
const SEED = process.env['FC_SEED'] ?? '7';

async function copyLibrary() {
  await rm(WORKSPACE, { recursive: true, force: true });
  await mkdir(COPY, { recursive: true });
  await cp(join(ROOT, LIBRARY, 'src'), join(COPY, 'src'), { recursive: true });
  await cp(join(ROOT, LIBRARY, 'package.json'), join(COPY, 'package.json'));
  await cp(join(ROOT, 'test/contracts'), join(WORKSPACE, 'test/contracts'), { recursive: true });
  const { default: config } = await import(join(ROOT, 'jest.config.mjs'));
  const own = {
    ...config,
    rootDir: WORKSPACE,
    // What is built is not built from the copy, so the tests of it say nothing here.
    testMatch: ['**/*.spec.ts'],
    testPathIgnorePatterns: [],
    modulePathIgnorePatterns: [],
  };
  await writeFile(join(WORKSPACE, 'package.json'), '{"type":"module","private":true}');
  await writeFile(join(WORKSPACE, 'jest.config.json'), JSON.stringify(own));
}

const escapePattern = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Names of the failed tests among those whose name holds `part`, or null when none of them ran. */
async function failedTests(part = '') {
  const report = join(WORKSPACE, 'report.json');
  await rm(report, { force: true });
  const jest = join(ROOT, 'node_modules/jest/bin/jest.js');
  const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
  const options = [
    '--config',
    join(WORKSPACE, 'jest.config.json'),
    '--json',
    '--outputFile',
    report,
    '--silent',
    ...(part === '' ? [] : ['--testNamePattern', escapePattern(part)]),
  ];
  const child = spawn(process.execPath, [...flags, jest, ...options], {
    cwd: WORKSPACE,
    stdio: 'ignore',
    env: { ...process.env, FC_RUNS: RUNS, FC_SEED: SEED },
  });
  await new Promise((resolve, reject) => child.on('error', reject).on('close', resolve));
  const text = await readFile(report, 'utf8').catch(() => null);
  if (text === null) return null;
  const { testResults } = JSON.parse(text);
  const tests = testResults.flatMap((file) => file.assertionResults);
  const ran = tests.filter((test) => test.status === 'passed' || test.status === 'failed');
  if (ran.length === 0) return null;
  return ran.filter((test) => test.status === 'failed').map((test) => test.fullName);
}

async function tryFault(fault) {
  const path = join(COPY, 'src', fault.file);
  const source = await readFile(path, 'utf8');
  if (source.split(fault.from).length !== 2)
    return { outcome: 'STALE', detail: `not exactly once in ${fault.file}` };
  await writeFile(
    path,
    source.replace(fault.from, () => fault.to),
  );
  const named = await failedTests(fault.caughtBy);
  const others = named?.length === 0 ? await failedTests() : [];
  await writeFile(path, source);
  if (named === null) return { outcome: 'BROKEN', detail: 'the test named for it did not run' };
  if (named.length > 0) return { outcome: 'caught', detail: `by ${named.length}: ${named[0]}` };
  if (others === null || others.length === 0) return { outcome: 'SURVIVED', detail: 'every test passed' };
  return { outcome: 'OTHERWISE', detail: `caught, but not by the test named for it: ${others[0]}` };
}

await copyLibrary();
const clean = await failedTests();
if (clean === null || clean.length > 0) {
  console.error('The specs must pass without a fault first.', clean ?? 'They did not run.');
  process.exit(1);
}
let failures = 0;
for (const fault of faults) {
  const { outcome, detail } = await tryFault(fault);
  if (outcome !== 'caught') failures++;
  console.log(`${outcome.padEnd(9)} ${fault.name}\n          ${detail.slice(0, 140)}`);
}
await rm(WORKSPACE, { recursive: true, force: true });
console.log(
  `\n${faults.length - failures} of ${faults.length} faults are caught by the test named for them.`,
);
process.exitCode = failures === 0 ? 0 : 1;
