import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import {
  copyTerraform,
  prepareTerraform,
  runTerraform,
  TERRAFORM_FOLDERS,
  whyTerraformCannotRun,
} from './terraform.js';

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
      const tested = await runTerraform(folder, ['test']);

      expect(validated.output).toContain('The configuration is valid');
      expect(tested.output).toMatch(/Success! [1-9]\d* passed, 0 failed\./);
    },
    600_000,
  );
});
