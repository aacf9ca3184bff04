import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const ROOT = join(import.meta.dirname, '..', '..');

/** Steps of a workflow as text, each from its name to the next. */
function stepsOf(workflow: string): readonly string[] {
  return readFileSync(join(ROOT, '.github/workflows', workflow), 'utf8').split(/^ +- name: /m);
}

describe.each(['deploy.yml', 'release.yml'])('%s', (workflow) => {
  const steps = stepsOf(workflow);

  it('builds and pushes no image that an earlier run pushed: tags are immutable', () => {
    const pushing = steps.filter((step) => /^ +push: true$/m.test(step));

    expect(pushing).toHaveLength(1);
    expect(pushing[0]).toMatch(/^ +if: steps\.pushed\.outputs\.digest == ''$/m);
  });

  it('deploys what was pushed, by its digest', () => {
    expect(steps.filter((step) => step.includes('@${{ steps.pushed.outputs.digest ||'))).toHaveLength(1);
    expect(steps.join('').match(/--image "\$\(cat [a-z-]+\.image\)"/g)?.length).toBeGreaterThan(0);
  });
});

describe('contracts.yml', () => {
  const steps = stepsOf('contracts.yml');

  it('checks out no commit of a pull request, and reads its files from Git alone', () => {
    const checkouts = steps.filter((step) => step.includes('actions/checkout@'));

    expect(checkouts).toHaveLength(3);
    expect(checkouts.filter((step) => /^ +(ref|repository):/m.test(step))).toEqual([]);
    expect(steps.join('').match(/git (checkout|switch|merge|pull)/g)).toBeNull();
  });

  it('reviews no fork, and is off until a repository names its dataset', () => {
    const jobs = steps.join('').match(/^ +if: vars\.CONTRACTS_DATASET != '' && .*$/gm) ?? [];

    expect(jobs).toHaveLength(3);
    expect(jobs.filter((line) => line.includes('pull_request_target'))).toEqual([
      expect.stringContaining('github.event.pull_request.head.repo.full_name == github.repository'),
    ]);
  });

  it('has the token of the workflow only in the steps that call gh', () => {
    const withToken = steps.filter((step) => step.includes('github.token'));

    expect(withToken.map((step) => /pipeline contracts (\w+)/.exec(step)?.[1])).toEqual([
      'propose',
      'review',
      'apply',
    ]);
  });
});

describe('every workflow', () => {
  it('uses actions by commit', () => {
    const used = globSync('.github/{workflows,actions}/**/*.yml', { cwd: ROOT }).flatMap((path) =>
      [...readFileSync(join(ROOT, path), 'utf8').matchAll(/uses: (\S+)/g)].map(([, action = '']) => action),
    );

    expect(used.filter((action) => !/^\.\/|@[0-9a-f]{40}$/.test(action))).toEqual([]);
    expect(used.length).toBeGreaterThan(10);
  });

  it('cleans up on request only', () => {
    expect(stepsOf('cleanup.yml')[0]).not.toMatch(/^ {2}(push|pull_request|schedule):/m);
    expect(stepsOf('deploy.yml').join('')).toContain("if: inputs.cleanup != ''");
  });
});
