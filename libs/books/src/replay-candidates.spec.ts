import { describe, expect, it } from '@jest/globals';
import { RecordedSql } from './recorded-sql.fake.js';
import { unaccountedCandidates, type ReplayCandidate } from './replay-candidates.js';

const PUBLISHED_AT = '2026-11-29T10:00:00.000000Z';
const SCOPE = {
  span: { from: new Date('2026-11-29T00:00:00Z'), to: new Date('2026-11-30T00:00:00Z') },
  tables: ['orders'],
  inProgressSince: new Date('2026-11-29T12:00:00Z'),
};

describe('unaccountedCandidates', () => {
  it('gives a message as the archive has it, without its ordering key as an attribute', async () => {
    const archived = {
      message_id: '1',
      publish_time: PUBLISHED_AT,
      data: Buffer.from('{}').toString('base64'),
      attributes: '{"event_type":"order","orderingKey":"customer-7"}',
    };
    const sql = new RecordedSql([[{ id: '1', published_at: PUBLISHED_AT }], [archived]]);

    const candidates: ReplayCandidate[] = [];
    for await (const candidate of unaccountedCandidates(sql, SCOPE, 10)) candidates.push(candidate);

    expect(candidates).toEqual([
      {
        message: {
          messageId: '1',
          publishedAt: PUBLISHED_AT,
          data: Buffer.from('{}'),
          attributes: { event_type: 'order' },
        },
        attempts: 0,
        reason: 'UNACCOUNTED',
        table: null,
        publishedParts: [],
      },
    ]);
  });
});
