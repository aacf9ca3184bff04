/**
 * Makes a clone ready to run: installs what package-lock.json names, then builds what changed.
 * Runs before `npm start`, `npm test`, `npm run check` and `npm run bench`, on a machine that has only Node and npm,
 * so it imports nothing but Node itself and keeps to syntax that an old Node can at least parse. It starts no shell.
 * `--prepare` is what `npm ci` runs at its end: it only builds.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const MINIMUM_NODE = [20, 19];
/** Set for the `npm ci` of this script, which builds afterwards: a failure is reported once, with its own name. */
const BUILDS_LATER = 'PIPELINE_BUILDS_LATER';

function fail(message) {
  console.error(`\n${message}`);
  process.exit(1);
}

function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > MINIMUM_NODE[0] || (major === MINIMUM_NODE[0] && minor >= MINIMUM_NODE[1])) return;
  fail(
    `Node ${process.versions.node} is too old: this project needs Node ${MINIMUM_NODE.join('.')} or newer.`,
  );
}

function run(command, args, onFailure) {
  const result = spawnSync(command, args, {
    cwd: root,
    env: { ...process.env, [BUILDS_LATER]: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
  });
  if (result.status === 0) return;
  process.stderr.write(
    `${result.stdout ?? ''}${result.stderr ?? ''}${result.error ? String(result.error) : ''}`,
  );
  fail(onFailure);
}

/**
 * Command that runs npm by its JavaScript file: Node refuses to spawn `npm.cmd` without a shell (CVE-2024-27980). Within an
 * npm script npm names its own file; otherwise the file lies beside Node, or `npm` is on the PATH.
 */
function npmCommand() {
  const besideNode = [
    join(dirname(process.execPath), 'node_modules', 'npm', 'bin', 'npm-cli.js'),
    join(dirname(process.execPath), '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js'),
  ];
  const file = [process.env.npm_execpath, ...besideNode].find(
    (path) => path !== undefined && basename(path) === 'npm-cli.js' && existsSync(path),
  );
  // The Node that runs npm: the one that `node_modules` brings may be what `npm ci` replaces.
  return file === undefined ? ['npm'] : [process.env.npm_node_execpath || process.execPath, file];
}

/** Installs missing packages. An unchanged hash of the lock file skips `npm ci`. */
function installWhatIsMissing() {
  const stamp = join(root, 'node_modules', '.installed-lock-sha256');
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  console.error('Installing dependencies (only when package-lock.json changed; about a minute) …');
  const [npm, ...npmArgs] = npmCommand();
  run(
    npm,
    [...npmArgs, 'ci', '--no-audit', '--no-fund', '--loglevel=error'],
    'npm ci failed, nothing is built; its output is above. If that names the network, check that the npm registry can be reached, then run the command again.',
  );
  writeFileSync(stamp, lock);
}

/** TypeScript builds only what changed: about a second when nothing did. */
function build() {
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  if (!existsSync(join(root, 'apps', 'table-manager', 'dist', 'main.js')))
    console.error('Building (about half a minute the first time) …');
  run(process.execPath, [tsc, '-b'], 'The build failed; the compiler’s output is above.');
}

if (!process.argv.includes('--prepare')) {
  requireNode();
  installWhatIsMissing();
  build();
} else if (process.env[BUILDS_LATER] === undefined) {
  build();
}
