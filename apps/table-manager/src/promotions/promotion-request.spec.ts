import { describe, expect, it } from '@jest/globals';
import { RequestFailure } from '@pipeline/platform';
import { parsePromotionCall } from './promotion-request.js';

const NOW = new Date('2026-11-29T12:00:00Z');

const parse = (text: string): unknown => parsePromotionCall(Buffer.from(text), NOW);

describe('parsePromotionCall', () => {
  it.each([
    ['nothing', '', { scope: 'waiting', publishedSince: new Date('2026-11-27T12:00:00Z'), dryRun: false }],
    [
      'the nightly sweep',
      '{"scope":"all"}',
      { scope: 'all', publishedSince: new Date('2026-10-30T12:00:00Z'), dryRun: false },
    ],
    [
      'everything',
      '{"tables":["orders"],"scope":"all","publishedSince":"2026-11-01","dryRun":true}',
      { tables: ['orders'], scope: 'all', publishedSince: new Date('2026-11-01T00:00:00Z'), dryRun: true },
    ],
  ])('reads %s', (_name, text, expected) => {
    expect(parse(text)).toEqual(expected);
  });

  it.each([
    ['no JSON', '{', ''],
    ['no object', '[]', ''],
    ['a table that is no text', '{"tables":[1]}', 'tables'],
    ['a table outside a list', '{"tables":"orders"}', 'tables'],
    ['an unknown scope', '{"scope":"some"}', 'scope'],
    ['a time that is none', '{"publishedSince":"yesterday"}', 'publishedSince'],
    ['a dry run that is no boolean', '{"dryRun":1}', 'dryRun'],
    ['an unknown field', '{"table":"orders"}', 'table'],
  ])('refuses %s, naming it', (_name, text, field) => {
    const failure = (() => {
      try {
        return parse(text);
      } catch (error) {
        return error;
      }
    })();

    expect(failure).toBeInstanceOf(RequestFailure);
    expect((failure as RequestFailure).body.error.fields?.map((problem) => problem.field)).toEqual([field]);
  });
});
