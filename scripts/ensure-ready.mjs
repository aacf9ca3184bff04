/**
 * Makes a clone ready to run: installs what package-lock.json names, then builds what changed.
 * Runs before `npm start`, `npm test`, `npm run check` and `npm run bench`, on a machine that has only Node and npm,
 * so it imports nothing but Node itself and keeps to syntax that an old Node can at least parse. It starts no shell.
 * `--prepare` is what `npm ci` runs at its end: it only builds.
 */
import { spawn } from 'node:child_process';
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

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];

/** Shows the step and its seconds on a terminal, one line elsewhere. Returns what ends it. */
function showStep(step) {
  if (step === undefined) return () => undefined;
  if (!process.stderr.isTTY) {
    console.error(`${step} …`);
    return () => undefined;
  }
  const startedAtMs = Date.now();
  let count = 0;
  const timer = setInterval(() => {
    const seconds = Math.round((Date.now() - startedAtMs) / 1000);
    process.stderr.write(`\r\u001b[K${FRAMES[count++ % FRAMES.length]} ${step} … ${seconds} s`);
  }, 100);
  return () => {
    clearInterval(timer);
    process.stderr.write('\r\u001b[K');
  };
}

/** Runs a program; its output is shown only if it fails. */
function run(command, args, { step, onFailure }) {
  return new Promise((resolve) => {
    const end = showStep(step);
    const child = spawn(command, args, {
      cwd: root,
      env: { ...process.env, [BUILDS_LATER]: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk) => {
        output += chunk.toString();
      });
    const failed = (words) => {
      end();
      process.stderr.write(words);
      fail(onFailure);
    };
    child.on('error', (error) => failed(String(error)));
    child.on('close', (status) => {
      if (status !== 0) return failed(output);
      end();
      resolve();
    });
  });
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
async function installWhatIsMissing() {
  const stamp = join(root, 'node_modules', '.installed-lock-sha256');
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  const [npm, ...npmArgs] = npmCommand();
  await run(npm, [...npmArgs, 'ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    step: 'Installing dependencies (only when package-lock.json changed; about a minute)',
    onFailure:
      'npm ci failed, nothing is built; its output is above. If that names the network, check that the npm registry can be reached, then run the command again.',
  });
  writeFileSync(stamp, lock);
}

/** TypeScript and the page of the console are built only if they changed: about a second when nothing did. */
async function build() {
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const isFirst = !existsSync(join(root, 'apps', 'table-manager', 'dist', 'main.js'));
  await run(process.execPath, [tsc, '-b'], {
    step: isFirst ? 'Building (about half a minute the first time)' : undefined,
    onFailure: 'The build failed; the compiler’s output is above.',
  });
  await run(process.execPath, [join(root, 'scripts', 'build-page.mjs')], {
    step: undefined,
    onFailure: 'The build of the console’s page failed; the output of Vite is above.',
  });
}

if (!process.argv.includes('--prepare')) {
  requireNode();
  installWhatIsMissing().then(build);
} else if (process.env[BUILDS_LATER] === undefined) {
  build();
}
