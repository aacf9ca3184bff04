/**
 * `npm run check -- --images`: builds the images without a Docker engine, and starts the services as the images do.
 *
 * buildah builds with chroot isolation; the base images are made here by debootstrap, with the names that the Dockerfiles
 * use, because a machine without a container registry can still reach Debian's. The launcher's base comes from Google
 * only, so of the job's image the stages before it are built. Each service then runs from its image's file system, as the
 * image's user: it passes the image's own health check and ends on SIGTERM. Needs root.
 */
import { execFileSync, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const CACHE = resolve('.cache/images');
const SERVICES = ['table-manager', 'event-generator', 'console'];
const SETTINGS = {
  GCP_PROJECT_ID: 'local-project',
  PUBSUB_EMULATOR_HOST: '127.0.0.1:1',
  BIGQUERY_EMULATOR_HOST: 'http://127.0.0.1:1',
  METADATA_SERVER_DETECTION: 'none',
};
/** The longest that Cloud Run waits between SIGTERM and SIGKILL. */
const TERMINATION_MS = 10_000;

const run = (command, ...words) => execFileSync(command, words, { stdio: ['ignore', 'inherit', 'inherit'] });
const answer = (command, ...words) => execFileSync(command, words, { encoding: 'utf8' }).trim();
const dockerfile = (name) => `docker/${name}.Dockerfile`;

function baseOf(name, argument) {
  return new RegExp(`^ARG ${argument}=(.+)$`, 'm').exec(readFileSync(dockerfile(name), 'utf8'))[1];
}

/** A minimal Debian, cached: the base of the base images. */
function makeDebian() {
  const root = join(CACHE, 'debian');
  if (existsSync(join(root, 'etc/debian_version'))) return root;
  rmSync(root, { recursive: true, force: true });
  mkdirSync(root, { recursive: true });
  run('debootstrap', '--variant=minbase', '--include=ca-certificates', 'bookworm', root);
  return root;
}

/** Commits a file system as an image; `change` alters the container, or its mounted root, first. */
function makeBase(tag, change) {
  const isMade =
    answer('buildah', 'images', '--noheading', '--filter', `reference=docker.io/library/${tag}`) !== '';
  if (isMade) return;
  const container = answer('buildah', 'from', 'scratch');
  const root = answer('buildah', 'mount', container);
  run('cp', '-a', `${makeDebian()}/.`, root);
  change(root, container);
  // The machine's own certificates: its network may have an authority of its own.
  cpSync('/etc/ssl/certs', join(root, 'etc/ssl/certs'), { recursive: true, force: true, dereference: true });
  run('buildah', 'config', '--env', 'NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt', container);
  run('buildah', 'config', '--env', 'PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin', container);
  run('buildah', 'commit', '--rm', '--quiet', container, `docker.io/library/${tag}`);
}

/** Node as package.json pins it, npm as the machine has it, and the user of the official image. */
function addNode(root) {
  cpSync('node_modules/node/bin/node', join(root, 'usr/local/bin/node'), { dereference: true });
  const npm = dirname(dirname(answer('readlink', '-f', answer('which', 'npm'))));
  cpSync(npm, join(root, 'usr/local/lib/node_modules/npm'), { recursive: true, dereference: true });
  run('ln', '-s', '../lib/node_modules/npm/bin/npm-cli.js', join(root, 'usr/local/bin/npm'));
  run('chroot', root, 'useradd', '--uid', '1000', '--create-home', 'node');
}

function addMaven(_root, container) {
  const inContainer = (...words) => run('buildah', 'run', '--isolation=chroot', container, '--', ...words);
  inContainer('apt-get', 'update', '-qq');
  inContainer(
    'apt-get',
    'install',
    '-y',
    '-qq',
    '--no-install-recommends',
    'openjdk-17-jdk-headless',
    'maven',
  );
}

function build(name, ...options) {
  run(
    'buildah',
    'bud',
    '--isolation=chroot',
    '--format=docker',
    '--pull=never',
    '--layers',
    '--quiet',
    '--file',
    dockerfile(name),
    ...options,
    '.',
  );
}

function freePort() {
  return new Promise((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
}

async function becomesHealthy(check, child) {
  for (let tries = 0; tries < 120 && child.exitCode === null; tries++) {
    if (check() === 0) return true;
    await pause(500);
  }
  return false;
}

/** Starts a service from its image's file system as the image would, checks its health, and stops it. */
async function start(name) {
  const { OCIv1, Docker } = JSON.parse(answer('buildah', 'inspect', '--type', 'image', name));
  const { config } = OCIv1;
  const health = Docker.config.Healthcheck;
  const container = answer('buildah', 'from', '--pull=never', name);
  const root = answer('buildah', 'mount', container);
  const env = {
    ...Object.fromEntries(config.Env.map((line) => line.split(/=(.*)/s, 2))),
    ...SETTINGS,
    PORT: String(await freePort()),
  };
  const inImage = (words) => [
    `--userspec=${config.User}`,
    root,
    '/usr/bin/env',
    `--chdir=${config.WorkingDir}`,
    ...words,
  ];
  const child = spawn('chroot', inImage(config.Cmd), { env, stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text) => (output += text));
  const ended = new Promise((done) => child.on('close', (code, signal) => done(code ?? signal)));
  const check = () => {
    try {
      execFileSync('chroot', inImage(health.Test.slice(1)), { env, stdio: 'ignore' });
      return 0;
    } catch {
      return 1;
    }
  };
  const isHealthy = await becomesHealthy(check, child);
  const user = existsSync(`/proc/${child.pid}/status`)
    ? /^Uid:\t(\d+)/m.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))[1]
    : 'none';
  child.kill('SIGTERM');
  const status = await Promise.race([ended, pause(TERMINATION_MS, 'still running', { ref: false })]);
  child.kill('SIGKILL');
  answer('buildah', 'rm', container);
  return { name, isHealthy, user, status, output };
}

mkdirSync(CACHE, { recursive: true });
makeBase(baseOf('table-manager', 'NODE_IMAGE'), addNode);
makeBase(baseOf('dataflow', 'MAVEN_IMAGE'), addMaven);
for (const name of [...SERVICES, 'local-cloud']) build(name, '--tag', `localhost/${name}`);
build('dataflow', '--target', 'build', '--tag', 'localhost/dataflow-build');

const debianBytes = Number(answer('du', '-sb', makeDebian()).split('\t')[0]);
console.log('\nimage             MiB   of which Debian');
for (const name of [...SERVICES, 'local-cloud']) {
  const container = answer('buildah', 'from', '--pull=never', `localhost/${name}`);
  const bytes = Number(answer('du', '-sb', answer('buildah', 'mount', container)).split('\t')[0]);
  answer('buildah', 'rm', container);
  console.log(
    `${name.padEnd(16)} ${String(Math.round(bytes / 2 ** 20)).padStart(4)}   ${Math.round(debianBytes / 2 ** 20)}`,
  );
}

let failures = 0;
for (const name of SERVICES) {
  const { isHealthy, user, status, output } = await start(`localhost/${name}`);
  const isGood = isHealthy && user === '1000' && status === 0;
  if (!isGood) {
    failures += 1;
    console.log(output);
  }
  console.log(
    `${isGood ? 'ok    ' : 'FAILED'}  ${name}: healthy ${isHealthy}, user ${user}, after SIGTERM ${status}`,
  );
}
process.exit(failures === 0 ? 0 : 1);
