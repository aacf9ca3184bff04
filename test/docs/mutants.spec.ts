import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const ROOT = join(import.meta.dirname, '../..');
const SOURCE = join(ROOT, 'libs/schema-inference/src');

interface Fault {
  readonly name: string;
  readonly file: string;
  readonly from: string;
}

describe('the faults of npm run check:mutants', () => {
  it('replace text that is in its file exactly once', async () => {
    const { FAULTS } = (await import(join(ROOT, 'tools/mutants/faults.mjs'))) as {
      readonly FAULTS: readonly Fault[];
    };
    const places = FAULTS.map(({ name, file, from }) => ({
      name,
      times: readFileSync(join(SOURCE, file), 'utf8').split(from).length - 1,
    }));
    expect(places).toEqual(FAULTS.map(({ name }) => ({ name, times: 1 })));
  });
});
