import { describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

describe('READMEs of Terraform', () => {
  it('have the example, the variables and the outputs of their folder', () => {
    const { status, stderr } = spawnSync(
      process.execPath,
      [join(import.meta.dirname, 'main.mjs'), '--check'],
      {
        encoding: 'utf8',
      },
    );

    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });
});
