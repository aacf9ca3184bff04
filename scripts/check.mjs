/**
 * `npm run check`: formatting, lint with import boundaries, types, dead code, Markdown, voice; then scripts, workflows,
 * images and Terraform, each by its tool if that tool is installed. Every step runs, even after a failure, so that one
 * run shows all faults. `--fix` lets the formatter and the linters correct what they can.
 *
 * Results are kept in `.cache`, so that a second run checks what changed. ESLint keeps them by file, although some of its rules
 * read other files too (types, cycles): CI and `--no-cache` check everything.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    fix: { type: 'boolean', default: false },
    'no-cache': { type: 'boolean', default: process.env.CI !== undefined },
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
  --no-cache       check every file, also those that did not change since the last run; the default with CI set
  --only-tools     only what needs a tool that npm does not install
  --require-tools  a tool that is not installed is a failure; without it the step is left out, and says so
  --images         also build the images with buildah and start the services from them; as root

Exit code 1 when a step fails.`);
  process.exit(0);
}

const isWindows = process.platform === 'win32';

const isInstalled = (tool) =>
  process.env.PATH.split(delimiter).some(
    (folder) => folder !== '' && existsSync(join(folder, isWindows ? `${tool}.exe` : tool)),
  );

/** Command that runs a tool of an npm package by its JavaScript file, which needs neither a shell nor links in `.bin`. */
function npmTool(tool, ...args) {
  const [folder, name = folder] = tool.split('/');
  const { bin } = JSON.parse(readFileSync(`node_modules/${folder}/package.json`, 'utf8'));
  return [process.execPath, join('node_modules', folder, bin[name] ?? bin), ...args];
}

/** Options that keep a tool's results under `.cache/check`. */
const cached = (...options) => (values['no-cache'] ? [] : options);
const ifFixing = (...options) => (values.fix ? options : []);

const own = [
  {
    name: 'formatting',
    command: npmTool(
      'prettier',
      values.fix ? '--write' : '--check',
      '.',
      '--log-level=warn',
      ...cached('--cache', '--cache-location=.cache/check/prettier'),
    ),
  },
  {
    name: 'lint and boundaries',
    command: npmTool(
      'eslint',
      '.',
      '--max-warnings=0',
      ...ifFixing('--fix'),
      ...cached('--cache', '--cache-strategy=content', '--cache-location=.cache/check/eslint'),
    ),
  },
  { name: 'rooms', command: [process.execPath, 'tools/boundaries/print-rooms.mjs'] },
  {
    name: 'types',
    command: npmTool(
      'typescript/tsc',
      '-p',
      'tsconfig.spec.json',
      ...cached('--incremental', '--tsBuildInfoFile', '.cache/check/types.tsbuildinfo'),
    ),
  },
  {
    name: 'dead code',
    command: npmTool('knip', '--no-progress', ...cached('--cache', '--cache-location=.cache/check/knip')),
  },
  { name: 'Markdown', command: npmTool('markdownlint-cli2', ...ifFixing('--fix')) },
  { name: 'voice', command: [process.execPath, 'tools/voice/main.mjs'] },
];

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
  { name: 'images', command: ['hadolint', '.devcontainer/Dockerfile', ...globSync('docker/*.Dockerfile')] },
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

/** Returns a step's outcome: `ok`, `FAILED`, or `left out` if its tool is not installed. */
function run({ name, command: [tool, ...args], needs = [tool] }) {
  const missing = needs.find((needed) => needed !== process.execPath && !isInstalled(needed));
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

const steps = [...(values['only-tools'] ? [] : own), ...tools, ...(values.images ? images : [])];
const results = steps.map((step, index) => {
  console.log(`[${String(index + 1).padStart(2)}/${steps.length}] ${step.name} …`);
  const outcome = run(step);
  console.log(`        ${outcome.result}, ${outcome.note}`);
  return outcome;
});

console.log('');
for (const { name, result, note } of results) {
  console.log(`${result.padEnd(8)}  ${name.padEnd(20)} ${note}`);
}
process.exit(results.some(({ result }) => result === 'FAILED') ? 1 : 0);
