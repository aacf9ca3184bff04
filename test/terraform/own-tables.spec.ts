import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const ROOT = join(import.meta.dirname, '..', '..');

function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

interface Contract {
  readonly columns: readonly Readonly<Record<'mode' | 'name' | 'type', string>>[];
}

/** Own tables exist before their writers: Terraform and the contract name the same columns. */
describe('terraform/modules/bigquery', () => {
  it.each(['notices', 'promotions', 'quarantine'])('gives _%s the columns of its contract', (table) => {
    const { columns } = JSON.parse(read(`test/contracts/tables/${table}.json`)) as Contract;
    const [, list = ''] =
      new RegExp(`  _${table}_columns = \\[([\\s\\S]*?)\\n  \\]`).exec(
        read('terraform/modules/bigquery/columns.tf'),
      ) ?? [];
    const found = [...list.matchAll(/name = "(\w+)", type = "(\w+)", mode = "(\w+)"/g)];

    expect(found.map(([, name, type, mode]) => ({ name, type, mode }))).toEqual(columns);
  });
});
