import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { globSync } from 'node:fs';
import { basename, join } from 'node:path';
import {
  copyTerraform,
  prepareTerraform,
  runTerraform,
  TERRAFORM_FOLDERS,
  whyTerraformCannotRun,
} from './terraform.js';

/** The runs of `terraform test` in a folder: one for each file of values with a test of its name, one for the rest. */
function testRuns(folder: string): readonly (readonly string[])[] {
  const tests = globSync('tests/*.tftest.hcl', { cwd: folder }).sort();
  const environments = globSync('*.tfvars', { cwd: folder })
    .map((file) => basename(file, '.tfvars'))
    .filter((name) => tests.includes(`tests/${name}.tftest.hcl`));
  const rest = tests.filter((test) => !environments.includes(basename(test, '.tftest.hcl')));
  return [
    rest.map((test) => `-filter=${test}`),
    ...environments.map((name) => [`-var-file=${name}.tfvars`, `-filter=tests/${name}.tftest.hcl`]),
  ];
}

const reason = whyTerraformCannotRun();

(reason === null ? describe : describe.skip)(`terraform modules (${reason ?? 'mock providers'})`, () => {
  let copy: ReturnType<typeof copyTerraform>;

  beforeAll(() => {
    copy = copyTerraform();
  });

  afterAll(() => {
    copy.remove();
  });

  it('is formatted', async () => {
    expect(await runTerraform(join(copy.root, 'terraform'), ['fmt', '-check', '-recursive'])).toEqual({
      exitCode: 0,
      output: '',
    });
  });

  it.each(TERRAFORM_FOLDERS)(
    '%s is valid and passes its tests',
    async (name) => {
      const folder = join(copy.root, 'terraform', name);
      await prepareTerraform(folder);

      const validated = await runTerraform(folder, ['validate']);

      expect(validated.output).toContain('The configuration is valid');
      for (const words of testRuns(folder)) {
        const tested = await runTerraform(folder, ['test', ...words]);
        expect(tested.output).toMatch(/Success! [1-9]\d* passed, 0 failed\./);
      }
    },
    600_000,
  );
});
