import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const ROOT = join(import.meta.dirname, '..', '..');
const JOB = 'dataflow/src/main/java/io/pipeline/dataflow';
const MONITORING = 'terraform/modules/monitoring';

function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

/** Constants of a Java enum, without its comments. */
function constantsOf(path: string): string[] {
  const [, body = ''] = /enum \w+ \{([\s\S]*)\}/.exec(read(path).replaceAll(/\/\*[\s\S]*?\*\//g, '')) ?? [];
  return [...body.matchAll(/[A-Z][A-Z0-9_]+/g)].map(([name]) => name);
}

/** Alerts look for words that the code writes; a word that changed on one side only would silence them. */
describe('terraform/modules/monitoring', () => {
  it('counts every reason for which the job dead-letters', () => {
    const [, list = ''] =
      /variable "dead_letter_reasons" \{[\s\S]*?default = \[([\s\S]*?)\]/.exec(
        read(`${MONITORING}/variables.tf`),
      ) ?? [];

    expect([...list.matchAll(/"(\w+)"/g)].map(([, reason]) => reason).sort()).toEqual(
      [
        ...constantsOf(`${JOB}/json/RejectionCode.java`),
        ...constantsOf(`${JOB}/model/DeadLetterReason.java`),
      ].sort(),
    );
  });

  it('looks for log messages that table-manager writes', () => {
    const code = globSync('apps/table-manager/src/**/*.ts', { cwd: ROOT })
      .filter((path) => !path.endsWith('.spec.ts'))
      .map(read)
      .join('\n');
    const messages = [
      ...read(`${MONITORING}/log-metrics.tf`).matchAll(/jsonPayload\.message=\\"(.*?)\\"/g),
    ].map(([, message = '']) => message);

    expect(messages.filter((message) => !code.includes(`'${message}'`))).toEqual([]);
    expect(messages).toContain('event dead-lettered');
  });
});
