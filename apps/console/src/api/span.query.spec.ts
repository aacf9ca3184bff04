import { describe, expect, it } from '@jest/globals';
import { toSpan } from './span.query.js';

const NOW = new Date('2026-11-29T12:00:00Z');

describe('toSpan', () => {
  it('reads durations and dates, and ends now', () => {
    expect(toSpan({ since: '2h' }, NOW, '24h')).toEqual({ from: new Date('2026-11-29T10:00:00Z'), to: NOW });
    expect(toSpan({ since: '2026-11-28', until: '2026-11-29' }, NOW, '24h')).toEqual({
      from: new Date('2026-11-28T00:00:00Z'),
      to: new Date('2026-11-29T00:00:00Z'),
    });
    expect(toSpan({}, NOW, '24h').from).toEqual(new Date('2026-11-28T12:00:00Z'));
  });

  it.each([
    [{ since: '2026-13-01' }, 'since'],
    [{ since: '999999d' }, 'since'],
    [{ since: '1h', until: '2h' }, 'since'],
    [{ until: '2026-02-30' }, 'until'],
  ])('refuses %j by name', (query, field) => {
    expect(() => toSpan(query, NOW, '24h')).toThrow(field);
  });
});
