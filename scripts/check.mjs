/**
 * `npm run check`: formatting, lint with import boundaries, types, dead code, Markdown, voice; then scripts, workflows,
 * images and Terraform, each by its tool if that tool is installed. Every step runs, even after a failure, so that one
 * run shows all faults. `--fix` lets the formatter and the linters correct what they can.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, globSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    fix: { type: 'boolean', default: false },
    'only-tools': { type: 'boolean', default: false },
    'require-tools': { type: 'boolean', default: false },
    images: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(`Usage: npm run check [-- options]

Formatting, lint and import boundaries, rooms, types, dead code, Markdown, voice; then shell scripts, workflows, images
and Terraform where shellcheck, actionlint, zizmor, hadolint, terraform, tflint and checkov are installed.

  --fix            let the formatter and the linter mend what they can
  --only-tools     only what needs a tool that npm does not install
  --require-tools  a tool that is not installed is a failure; without it the step is left out, and says so
  --images         also build the images with buildah and start the services from them; as root

Exit code 1 when a step fails.`);
  process.exit(0);
}

const installed = (tool) =>
  process.env.PATH.split(delimiter).some((folder) => folder !== '' && existsSync(join(folder, tool)));

const own = [
  {
    name: 'formatting',
    command: ['prettier', values.fix ? '--write' : '--check', '.', '--log-level', 'warn'],
  },
  {
    name: 'lint and boundaries',
    command: ['eslint', '.', '--max-warnings', '0', ...(values.fix ? ['--fix'] : [])],
  },
  { name: 'rooms', command: ['node', 'tools/boundaries/print-rooms.mjs'] },
  { name: 'types', command: ['tsc', '-p', 'tsconfig.spec.json'] },
  { name: 'dead code', command: ['knip', '--no-progress'] },
  { name: 'Markdown', command: ['markdownlint-cli2', ...(values.fix ? ['--fix'] : [])] },
]
  .map(({ name, command: [tool, ...args] }) => ({ name, command: [`node_modules/.bin/${tool}`, ...args] }))
  .concat([{ name: 'voice', command: [process.execPath, 'tools/voice/main.mjs'] }]);

const tools = [
  {
    name: 'shell scripts',
    command: ['shellcheck', '--external-sources', ...globSync('scripts/*.sh'), '.ci/run'],
  },
  { name: 'workflows', command: ['actionlint'] },
  { name: 'workflow security', command: ['zizmor', '--offline', '--quiet', '.github'] },
  {
    name: 'known advisories',
    // Asks osv.dev. No registry package carries the advisories for use without a network (looked for 2026-11-29).
    command: ['osv-scanner', 'scan', 'source', '--lockfile=package-lock.json', '--lockfile=dataflow/pom.xml'],
  },
  { name: 'images', command: ['hadolint', ...globSync('docker/*.Dockerfile')] },
  {
    name: 'terraform format',
    command: ['terraform', 'fmt', '-recursive', ...(values.fix ? [] : ['-check']), '.'],
  },
  {
    name: 'terraform lint',
    command: [
      'tflint',
      '--chdir=terraform',
      '--recursive',
      `--config=${process.cwd()}/terraform/.tflint.hcl`,
    ],
  },
  {
    name: 'terraform security',
    command: ['checkov', '--config-file', 'terraform/.checkov.yaml'],
  },
];

/** Builds take minutes, so they run on request only. */
const images = [
  {
    name: 'images, built',
    needs: ['buildah', 'debootstrap'],
    command: [process.execPath, 'scripts/check-images.mjs'],
  },
];

/** A step's outcome: `ok`, `FAILED`, or `left out` where its tool is not installed. */
function run({ name, command: [tool, ...args], needs = [tool] }) {
  const missing = needs.find((needed) => !needed.includes('/') && !installed(needed));
  if (missing !== undefined) {
    return {
      name,
      result: values['require-tools'] ? 'FAILED' : 'left out',
      note: `${missing} is not installed`,
    };
  }
  const startedAt = performance.now();
  const result = spawnSync(tool, args, { stdio: 'inherit' }).status === 0 ? 'ok' : 'FAILED';
  return { name, result, note: `${((performance.now() - startedAt) / 1000).toFixed(1)} s` };
}

const results = [...(values['only-tools'] ? [] : own), ...tools, ...(values.images ? images : [])].map(run);

console.log('');
for (const { name, result, note } of results) {
  console.log(`${result.padEnd(8)}  ${name.padEnd(20)} ${note}`);
}
process.exit(results.some(({ result }) => result === 'FAILED') ? 1 : 0);
