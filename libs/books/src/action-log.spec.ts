import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { ACTIONS_COLUMNS, recordIntent, recordOutcome } from './action-log.js';
import { RecordedSql } from './recorded-sql.fake.js';

const file = new URL('../../../test/contracts/tables/actions.json', import.meta.url);
const AUTHOR = { actionId: 'a1', kind: 'replay', actor: 'console@1 (ada)', role: 'operator' };

describe('_actions', () => {
  it('has the columns of the contract', () => {
    const { columns } = JSON.parse(readFileSync(file, 'utf8')) as { readonly columns: unknown };
    expect(ACTIONS_COLUMNS).toEqual(columns);
  });

  it('is only added to, with values as parameters', async () => {
    const sql = new RecordedSql();
    const at = new Date('2026-11-30T10:00:00Z');

    await recordIntent(sql, { ...AUTHOR, input: { reason: "x'; DROP" }, preview: { messages: 2 }, at });
    await recordOutcome(sql, { ...AUTHOR, outcome: 'failed', result: null, detail: 'denied', at });

    expect(sql.queries.map((query) => query.sql.split(' ').slice(0, 2).join(' '))).toEqual([
      'INSERT INTO',
      'INSERT INTO',
    ]);
    expect(sql.queries.map(({ parameters }) => parameters)).toEqual([
      {
        action_id: 'a1',
        kind: 'replay',
        actor: 'console@1 (ada)',
        role: 'operator',
        input: '{"reason":"x\'; DROP"}',
        preview: '{"messages":2}',
        at,
      },
      {
        action_id: 'a1',
        kind: 'replay',
        actor: 'console@1 (ada)',
        role: 'operator',
        outcome: 'failed',
        result: 'null',
        detail: 'denied',
        at,
      },
    ]);
  });
});
