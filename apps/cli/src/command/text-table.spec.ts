import { describe, expect, it } from '@jest/globals';
import { textTable } from './text-table.js';

describe('textTable', () => {
  const head = ['id', 'detail', 'count'];
  const rows = [['12345678', 'a long sentence that explains what happened, and why', 3]];

  it('cuts the widest texts until a row fits the terminal', () => {
    const [, line = ''] = textTable(head, rows, 40).split('\n');

    expect(line).toBe('12345678  a long sentence that e…      3');
    expect(line).toHaveLength(40);
  });

  it('cuts nothing without a terminal', () => {
    expect(textTable(head, rows, Infinity)).toContain('a long sentence that explains what happened, and why');
  });

  it('leaves a message id whole on any terminal', () => {
    expect(textTable(head, rows, 10)).toContain('12345678  ');
  });

  it('leaves out empty columns of a terminal, and cuts times to the minute but no message id', () => {
    const times = ['2026-11-29 22:06:45', '2026-11-29 22:06:46'];
    const table = textTable(
      ['reason', 'table', 'first seen', 'last seen', 'sample'],
      [['NOT_JSON', null, ...times, '7356374835237056']],
      62,
    );

    expect(table.split('\n')).toEqual([
      'reason    first seen        last seen         sample',
      'NOT_JSON  2026-11-29 22:06  2026-11-29 22:06  7356374835237056',
    ]);
  });
});
