import { describe, expect, it } from '@jest/globals';
import { RequestFailure } from '@pipeline/platform';
import { parseAuditRequest } from './audit-request.js';

const NOW = new Date('2026-11-23T12:00:00Z');

function parse(text: string): unknown {
  return parseAuditRequest(Buffer.from(text), NOW);
}

describe('parseAuditRequest', () => {
  it.each([
    ['nothing', '', { since: new Date('2026-11-22T11:00:00Z'), until: NOW, ledger: true }],
    [
      'a span',
      '{"since":"2026-11-22","until":"2h","ledger":false}',
      {
        since: new Date('2026-11-22T00:00:00Z'),
        until: new Date('2026-11-23T10:00:00Z'),
        ledger: false,
      },
    ],
  ])('reads %s', (_name, text, expected) => {
    expect(parse(text)).toEqual(expected);
  });

  it.each([
    ['no JSON', '{', ''],
    ['no object', '[]', ''],
    ['a time that is none', '{"since":"yesterday"}', 'since'],
    ['a ledger that is no boolean', '{"ledger":"yes"}', 'ledger'],
    ['an unknown field', '{"from":"1h"}', 'from'],
    ['a span that ends before it begins', '{"since":"1h","until":"2h"}', 'since'],
  ])('refuses %s, naming it', (_name, text, field) => {
    const failure = (() => {
      try {
        return parse(text);
      } catch (error) {
        return error;
      }
    })();

    expect(failure).toBeInstanceOf(RequestFailure);
    expect((failure as RequestFailure).body.error.fields?.[0]?.field).toBe(field);
  });
});
