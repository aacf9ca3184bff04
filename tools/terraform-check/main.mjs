/**
 * Format, lint and security of `terraform/`. Each tool runs where it is installed; what is missing is named and skipped,
 * or fails with `TERRAFORM_REQUIRED` set. Nothing is downloaded.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');
const CONFIG = join(ROOT, 'terraform/.tflint.hcl');

const FORMAT = ['terraform', 'fmt', '-check', '-recursive', '-diff'];

const steps = [
  { name: 'terraform fmt', command: [...FORMAT, 'terraform'] },
  { name: 'terraform fmt of tests', command: [...FORMAT, 'test/terraform'] },
  { name: 'tflint', command: ['tflint', '--chdir=terraform', '--recursive', `--config=${CONFIG}`] },
  { name: 'checkov', command: ['checkov', '--config-file', 'terraform/.checkov.yaml'] },
];

const isInstalled = (tool) =>
  (process.env['PATH'] ?? '').split(delimiter).some((folder) => existsSync(join(folder, tool)));

function run(words) {
  const [tool, ...args] = words;
  if (!isInstalled(tool)) return process.env['TERRAFORM_REQUIRED'] === undefined ? 'skipped' : 'missing';
  const { status, stdout, stderr } = spawnSync(tool, args, { cwd: ROOT, encoding: 'utf8' });
  if (status === 0) return 'ok';
  process.stderr.write(`${stdout}${stderr}`);
  return 'FAILED';
}

const results = steps.map((step) => ({ tool: step.command[0], name: step.name, outcome: run(step.command) }));
for (const { tool, name, outcome } of results) {
  const why = outcome === 'skipped' || outcome === 'missing' ? ` (${tool} is not installed)` : '';
  console.log(`${outcome.padEnd(7)}  ${name}${why}`);
}
process.exitCode = results.every(({ outcome }) => outcome === 'ok' || outcome === 'skipped') ? 0 : 1;
