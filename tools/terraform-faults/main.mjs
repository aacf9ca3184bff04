import { readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import {
  copyTerraform,
  prepareTerraform,
  runTerraform,
  whyTerraformCannotRun,
} from '../../test/terraform/terraform.ts';
import { FAULTS } from './faults.mjs';

/**
 * Does a test notice when a module grants too much, opens what is closed or drops a protection? Each fault is put into a
 * copy of the modules, and `terraform test` runs there. A fault is caught when the run that is named for it fails; a
 * fault that no run sees makes this fail. Words on the command line choose faults by a part of their folder's name.
 */
const chosen = process.argv.slice(2);
const faults = FAULTS.filter(
  ({ folder }) => chosen.length === 0 || chosen.some((part) => folder.includes(part)),
);

const reason = whyTerraformCannotRun();
if (reason !== null) {
  console.log(`terraform faults: ${reason}`);
  process.exit(process.env['TERRAFORM_REQUIRED'] === undefined ? 0 : 1);
}

const copy = copyTerraform();
const modules = join(copy.root, 'terraform');

const testsOf = (folder) => join(modules, folder, 'tests', `${basename(folder)}.tftest.hcl`);

/** The test file with one run alone: every run starts the provider again, which takes most of the time. */
function onlyRun(tests, name) {
  const first = tests.search(/^run "/m);
  const run = new RegExp(`^run "${name}" \\{[\\s\\S]*?^\\}\\n`, 'm').exec(tests);
  return run === null ? null : tests.slice(0, first) + run[0];
}

/** Names of the runs that failed, or null when none ran. */
async function failedRuns(folder, tests) {
  await writeFile(testsOf(folder), tests);
  const { output } = await runTerraform(join(modules, folder), [
    'test',
    `-filter=tests/${basename(folder)}.tftest.hcl`,
  ]);
  const runs = [...output.matchAll(/run "([^"]+)"\.\.\. (pass|fail)/g)];
  if (runs.length === 0) return null;
  return runs.filter(([, , status]) => status === 'fail').map(([, name]) => name);
}

async function tryFault({ folder, file, from, to, caughtBy }, tests) {
  const path = join(modules, file);
  const source = await readFile(path, 'utf8');
  if (source.split(from).length !== 2) return { outcome: 'STALE', detail: `not exactly once in ${file}` };
  const named = onlyRun(tests, caughtBy);
  if (named === null) return { outcome: 'STALE', detail: `no run is named ${caughtBy}` };
  const clean = await failedRuns(folder, named);
  if (clean === null || clean.length > 0)
    return { outcome: 'BROKEN', detail: `${caughtBy} fails without a fault` };
  await writeFile(
    path,
    source.replace(from, () => to),
  );
  const failed = await failedRuns(folder, named);
  const others = failed?.length === 0 ? await failedRuns(folder, tests) : [];
  await writeFile(path, source);
  if (failed === null) return { outcome: 'BROKEN', detail: 'no test ran: the fault is not valid Terraform' };
  if (failed.length > 0) return { outcome: 'caught', detail: `by ${caughtBy}` };
  if (!others?.length) return { outcome: 'SURVIVED', detail: 'every test passed' };
  return { outcome: 'OTHERWISE', detail: `caught, but not by the run named for it: ${others[0]}` };
}

let failures = 0;
try {
  for (const folder of new Set(faults.map((fault) => fault.folder))) {
    await prepareTerraform(join(modules, folder));
    const tests = await readFile(testsOf(folder), 'utf8');
    for (const fault of faults.filter((candidate) => candidate.folder === folder)) {
      const { outcome, detail } = await tryFault(fault, tests);
      if (outcome !== 'caught') failures++;
      console.log(`${outcome.padEnd(9)} ${folder}: ${fault.name}\n          ${detail}`);
    }
  }
} finally {
  copy.remove();
}
console.log(`\n${faults.length - failures} of ${faults.length} faults are caught by the run named for them.`);
process.exitCode = failures === 0 ? 0 : 1;
