/**
 * `npm test`: every test of both languages. With arguments (`npm test -- libs/cloudevents`) only Jest runs, with them.
 * The Java part needs a JDK 17 and Maven; where they are missing it says so and is left out, but with CI set it fails.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { missingJavaTools, runMaven } from './java-tools.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const jestArguments = process.argv.slice(2);

function runJest() {
  const args = [
    '--experimental-vm-modules',
    '--disable-warning=ExperimentalWarning',
    'node_modules/jest/bin/jest.js',
    ...jestArguments,
  ];
  return spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' }).status === 0;
}

function runJava() {
  const missing = missingJavaTools();
  if (missing === null) {
    const args = ['--batch-mode', '--no-transfer-progress', 'verify'];
    return runMaven(args, { cwd: `${root}/dataflow`, stdio: 'inherit' }).status === 0;
  }
  console.error(`\nThe tests of the Dataflow job were NOT run: ${missing}`);
  return process.env.CI === undefined;
}

const passed = jestArguments.length > 0 ? [runJest()] : [runJest(), runJava()];
process.exit(passed.every(Boolean) ? 0 : 1);
