import { describe, expect, it } from '@jest/globals';
import type { ListedNotice } from '@pipeline/books';
import { renderNotices } from './notices.command.js';

const NOTICE: ListedNotice = {
  id: 'schema.changed/orders/1',
  type: 'schema.changed',
  table: 'orders',
  count: 2,
  items: [{ kind: 'ADD_COLUMN', path: 'discount', fromType: null, table: 'orders', warnings: [] }],
  recordedAt: '2026-11-30T10:00:00.000000Z',
  publishedAt: '2026-11-30T10:00:01.000000Z',
  messageId: '17',
};

describe('the list of notices', () => {
  it('has a line for each with its first fact, and says how many wait', () => {
    const waits = { ...NOTICE, table: null, items: [], publishedAt: null, messageId: null };
    const lines = renderNotices({ notices: [NOTICE, waits], total: 3, waiting: 1 }).split('\n');

    expect(lines[0]).toBe('2 of 3; --limit shows more.');
    expect(lines.find((line) => line.includes('orders'))).toMatch(
      /2026-11-30 10:00:00 {2}2026-11-30 10:00:01 {2}schema\.changed {2}orders +2 {2}kind=ADD_COLUMN path=discount +17/,
    );
    expect(lines.filter((line) => line.includes('  waits  '))).toHaveLength(1);
    expect(lines.at(-1)).toMatch(/^1 waits for Pub\/Sub/);
  });

  it('says that there is none', () => {
    expect(renderNotices({ notices: [], total: 0, waiting: 0 })).toBe('No notice in this period.');
  });
});
