import { spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const ROOT = join(import.meta.dirname, '..', '..');
/** Only the shell's own tools, git and node: a script that ran gcloud, terraform or docker after all would fail. */
const BARE_PATH = `/usr/bin:/bin:${join(process.execPath, '..')}`;

const SOURCED = ['scripts/common.sh', 'scripts/deployment.sh'];
const SCRIPTS = globSync('scripts/*.sh', { cwd: ROOT })
  .filter((script) => !SOURCED.includes(script))
  .sort();

function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

function run(
  script: string,
  ...words: readonly string[]
): { status: number | null; errors: string; output: string } {
  const { status, stderr, stdout } = spawnSync('bash', [script, ...words], {
    cwd: ROOT,
    encoding: 'utf8',
    env: { PATH: BARE_PATH },
  });
  return { status, errors: stderr, output: stdout };
}

/** The commands that a dry run prints, without their arguments beyond the first few words. */
function commands(errors: string): string[] {
  return errors
    .split('\n')
    .filter((line) => line.startsWith('+ '))
    .map((line) => line.slice(2).replace(/\s+$/, ''));
}

/** An image that is looked for, and built and pushed because it is not there. */
const PUSHED = ['gcloud artifacts docker', 'gcloud auth configure-docker', 'docker build', 'docker push'];
/** The record of what should run is read, written and applied. */
const APPLIED = ['gcloud storage cat', 'gcloud storage cp', 'terraform init', 'terraform apply'];

/** The first words of a command, without options. */
function verb(line: string): string {
  const words = line.split(' ').filter((word) => !word.startsWith('-'));
  return words.slice(0, words[0] === 'gcloud' ? 3 : 2).join(' ');
}

/** The scripts are for bash, which Windows lacks. */
const describePosix = process.platform === 'win32' ? describe.skip : describe;

describePosix.each(SCRIPTS)('%s', (script) => {
  it('says how it is called', () => {
    const { status, output } = run(script, '--help');

    expect(output).toMatch(new RegExp(`^Usage: ${script} `));
    expect(status).toBe(0);
  });

  it('refuses what it does not know, and points to its help', () => {
    const { status, errors } = run(script, '--no-such-option');

    expect(errors).toContain(`${script} --help`);
    expect(status).toBe(2);
  });
});

describePosix('scripts/deploy.sh --dry-run', () => {
  it('prints every command of the way to prod, in order, and runs none', () => {
    const { status, errors } = run(
      'scripts/deploy.sh',
      'my-project',
      'prod',
      '--dry-run',
      '--version',
      '1.2.3',
    );

    expect(status).toBe(0);
    expect(
      commands(errors)
        .map((line) => verb(line))
        .filter((line, index, all) => line !== all[index - 1]),
    ).toEqual([
      'gcloud services enable',
      'gcloud storage buckets',
      'terraform init',
      'terraform apply',
      'gcloud storage cp',
      ...APPLIED,
      ...PUSHED,
      ...APPLIED,
      ...PUSHED,
      ...APPLIED,
      ...PUSHED,
      'scripts/build-dataflow-template.sh my-project',
      ...APPLIED,
      'gcloud storage cat',
      'gcloud pubsub topics',
      'gcloud pubsub subscriptions',
      'bq my-project',
      'gcloud storage buckets',
      'service_is_ready table-manager',
      'service_is_ready event-generator',
      'gcloud eventarc triggers',
      'job_runs',
      'node_modules/.bin/node apps/cli/dist/main.js',
      'gcloud storage cat',
      'gcloud storage cp',
    ]);
  });

  it('leaves the job out where table-manager writes the rows', () => {
    const { status, errors } = run('scripts/deploy.sh', 'my-project', 'dev', '--dry-run');

    expect(status).toBe(0);
    expect(errors).not.toContain('build-dataflow-template');
  });

  it('runs the scripts that docs/DEPLOY.md lists, in its order', () => {
    const { errors } = run('scripts/deploy.sh', 'my-project', 'prod', '--dry-run');
    const ran = [...errors.matchAll(/^# (scripts\/\S+)$/gm)].map(([, script]) => script);
    const listed = [...read('docs/DEPLOY.md').matchAll(/^\|\s*\d\s*\| `(scripts\/[a-z-]+\.sh)`/gm)].map(
      ([, script]) => script,
    );

    expect(ran).toEqual(listed);
  });
});

describePosix('scripts/cleanup-environment.sh', () => {
  it('destroys nothing without the words, and lifts the protection before it destroys with them', () => {
    const asked = run(
      'scripts/cleanup-environment.sh',
      'my-project',
      'dev',
      '--dry-run',
      '--confirm',
      'my-project/dev',
    );
    const wrong = run('scripts/cleanup-environment.sh', 'my-project', 'dev', '--confirm', 'yes');

    const verbs = commands(asked.errors)
      .filter((line) => line.startsWith('terraform'))
      .map((line) => line.split(' ')[2]);
    expect(verbs).toEqual(['init', 'apply', 'destroy']);
    expect(wrong.status).not.toBe(0);
    expect(wrong.errors).not.toContain('-auto-approve');
  });
});

describe('docs/OPERATIONS.md', () => {
  it('has the chapter that each alert links to', () => {
    const alerts = [...read('terraform/modules/monitoring/alerts.tf').matchAll(/^ {4}([a-z-]+) = \{$/gm)]
      .map(([, key]) => key)
      .concat('books-not-audited');
    const chapters = [...read('docs/OPERATIONS.md').matchAll(/^### ([a-z-]+)$/gm)].map(([, title]) => title);

    expect(chapters.sort()).toEqual(alerts.sort());
  });
});

describe('docs/FIRST-DEPLOYMENT.md', () => {
  it('is ordered by error text', () => {
    const texts = [...read('docs/FIRST-DEPLOYMENT.md').matchAll(/^- `([^`]+)`/gm)].map(([, text = '']) =>
      text
        .toLowerCase()
        .replaceAll(/[^a-z ]/g, '')
        .trim(),
    );

    expect(texts).toEqual([...texts].sort());
    expect(texts.length).toBeGreaterThan(20);
  });
});
