import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const ROOT = join(import.meta.dirname, '..', '..');

function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

interface Task {
  readonly type: string;
  readonly script: string;
}

const { scripts } = JSON.parse(read('package.json')) as {
  readonly scripts: Readonly<Record<string, string>>;
};

/** Commands that run without a POSIX shell, and those that an editor starts. */
describe('every machine', () => {
  it.each(Object.entries(scripts))('npm run %s is one program with plain words', (_name, command) => {
    expect(command).toMatch(/^[a-z]+( [\w./:=-]+)*$/);
  });

  it.each(globSync('scripts/*.mjs', { cwd: ROOT }))('%s uses no link of .bin and no npm.cmd', (script) => {
    const code = read(script).replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');

    expect(code).not.toMatch(/\.bin\b|npm\.cmd/);
    expect(code.match(/shell: .*/g) ?? []).toEqual(
      script.endsWith('java-tools.mjs') ? ["shell: process.platform === 'win32' });"] : [],
    );
  });

  it('finds the tasks of the editor among the scripts of npm', () => {
    const { tasks } = JSON.parse(read('.vscode/tasks.json')) as { readonly tasks: readonly Task[] };

    expect(tasks.map(({ type, script }) => [type, script in scripts])).toEqual(
      tasks.map(() => ['npm', true]),
    );
  });

  it('gives the development container the base images that the Dockerfiles name', () => {
    const named = new Map(
      globSync('docker/*.Dockerfile', { cwd: ROOT }).flatMap((file) =>
        [...read(file).matchAll(/^ARG (\w+)=(.+)$/gm)].map(([, name = '', image = '']) => [name, image]),
      ),
    );
    const used = [...read('.devcontainer/Dockerfile').matchAll(/^ARG (\w+)=(.+)$/gm)];

    expect(used.map(([, name = '', image]) => [name, image])).toEqual(
      ['NODE_IMAGE', 'MAVEN_IMAGE'].map((name) => [name, named.get(name)]),
    );
  });
});
