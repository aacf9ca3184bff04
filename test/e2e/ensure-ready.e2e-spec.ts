import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The compiler of the project under test: says that it ran, and fails. */
const COMPILER = "#!/usr/bin/env node\nconsole.log('orders.ts(1,1): error TS2304'); process.exit(2);";

interface Manifest {
  readonly scripts: Readonly<Record<string, string>>;
}

let project: string;

/** A clone with one dependency, the compiler, and this repository's own scripts. */
beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), 'ensure-ready-'));
  cpSync('scripts/ensure-ready.mjs', join(project, 'scripts/ensure-ready.mjs'));
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest;
  mkdirSync(join(project, 'compiler/bin'), { recursive: true });
  const compiler = { name: 'typescript', version: '1.0.0', bin: { tsc: 'bin/tsc' } };
  write('compiler/package.json', compiler);
  writeFileSync(join(project, 'compiler/bin/tsc'), COMPILER);
  write('package.json', {
    name: 'clone',
    version: '1.0.0',
    scripts: { prepare: scripts['prepare'] },
    dependencies: { typescript: 'file:compiler' },
  });
  write('package-lock.json', {
    name: 'clone',
    version: '1.0.0',
    lockfileVersion: 3,
    packages: {
      '': { name: 'clone', version: '1.0.0', dependencies: { typescript: 'file:compiler' } },
      compiler,
      'node_modules/typescript': { resolved: 'compiler', link: true },
    },
  });
});

afterEach(() => {
  rmSync(project, { recursive: true });
});

function write(file: string, content: object): void {
  writeFileSync(join(project, file), JSON.stringify(content));
}

/** As a person has it: nothing of the npm that runs this suite. */
function environment(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !name.toLowerCase().startsWith('npm_')),
  );
}

function ensureReady(env = environment()): { readonly status: number | null; readonly stderr: string } {
  const { status, stderr } = spawnSync(process.execPath, ['scripts/ensure-ready.mjs'], {
    cwd: project,
    env,
    encoding: 'utf8',
  });
  return { status, stderr };
}

describe('ensure-ready', () => {
  it('says that the build failed, once, and nothing of the registry', () => {
    const { status, stderr } = ensureReady();

    expect(status).toBe(1);
    expect(stderr).toContain('The build failed');
    expect(stderr.match(/error TS2304/g)).toHaveLength(1);
    expect(stderr).not.toMatch(/npm ci failed|registry/);
  }, 300_000);

  it('says that the installation failed, and does not build', () => {
    write('package-lock.json', { name: 'clone', version: '1.0.0', lockfileVersion: 3, packages: {} });

    const { status, stderr } = ensureReady();

    expect(status).toBe(1);
    expect(stderr).toContain('npm ci failed');
    expect(stderr).not.toMatch(/build failed|TS2304/);
  }, 300_000);
});

describe('npm', () => {
  it('is run by the JavaScript file that npm names, without a shell or a PATH', () => {
    const file = join(project, 'npm-cli.js');
    writeFileSync(file, 'console.log(JSON.stringify(process.argv.slice(2))); process.exit(1);');

    const { status, stderr } = ensureReady({ npm_execpath: file, npm_node_execpath: process.execPath });

    expect(status).toBe(1);
    expect(stderr).toContain('["ci","--no-audit","--no-fund","--loglevel=error"]');
  });
});

describe('npm ci', () => {
  it('builds too, and fails with the compiler’s words', () => {
    const { status, stdout, stderr } = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], {
      cwd: project,
      env: environment(),
      encoding: 'utf8',
      shell: process.platform === 'win32',
    });

    expect(status).not.toBe(0);
    expect(`${stdout}${stderr}`).toContain('error TS2304');
  }, 300_000);
});
