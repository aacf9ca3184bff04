/**
 * `npm test`: every test of both languages. With arguments (`npm test -- libs/cloudevents`) only Jest runs, with them.
 * The Java part needs a JDK 17 and Maven; where they are missing it says so and is left out, but with CI set it fails.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { missingJavaTools } from './java-tools.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const jestArguments = process.argv.slice(2);

function run(command, args, cwd = root) {
  return spawnSync(command, args, { cwd, stdio: 'inherit' }).status === 0;
}

function runJest() {
  return run(process.execPath, [
    '--experimental-vm-modules',
    '--disable-warning=ExperimentalWarning',
    'node_modules/jest/bin/jest.js',
    ...jestArguments,
  ]);
}

function runJava() {
  const missing = missingJavaTools();
  if (missing === null) {
    return run('mvn', ['--batch-mode', '--no-transfer-progress', 'verify'], `${root}/dataflow`);
  }
  console.error(`\nThe tests of the Dataflow job were NOT run: ${missing}`);
  return process.env.CI === undefined;
}

const passed = jestArguments.length > 0 ? [runJest()] : [runJest(), runJava()];
process.exit(passed.every(Boolean) ? 0 : 1);
