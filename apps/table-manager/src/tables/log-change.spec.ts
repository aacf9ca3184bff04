import { describe, expect, it } from '@jest/globals';
import type { TableChange } from '@pipeline/bigquery-tables';
import { logChange } from './log-change.js';

describe('logChange', () => {
  it('writes at most fifty changes and ten messages, and says how many more there are', () => {
    const lines: object[] = [];
    const logger = { info: (fields: object) => lines.push(fields), warn: () => undefined };
    const changes = Array.from({ length: 1_000 }, (_unused, index) => ({
      kind: 'add-column',
      path: ['x'.repeat(300), `c${index}`],
    }));
    const causes = Array.from({ length: 500 }, (_unused, index) => `m${index}`);
    const change = { tableId: 't', action: 'changed', changes, causes } as unknown as TableChange;

    logChange(logger as unknown as Parameters<typeof logChange>[0], change);

    expect(lines).toMatchObject([{ table: 't', more_changes: 950 }]);
    expect(lines[0]).toHaveProperty('changes.49');
    expect(lines[0]).not.toHaveProperty('changes.50');
    expect(lines[0]).not.toHaveProperty('message_ids.10');
    expect(JSON.stringify(lines[0]).length).toBeLessThan(32_000);
  });
});
