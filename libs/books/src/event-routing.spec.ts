import { describe, expect, it } from '@jest/globals';
import { parseEventTypeSources } from '@pipeline/schema-inference';
import type { EventRouting } from './event-routing.js';
import { explainMessage } from './explain-message.js';
import { findMessage } from './find-message.js';
import { Forecaster } from './forecast.js';
import { RecordedSql } from './recorded-sql.fake.js';

const ROUTES = { order: 'orders' };
const PUBLISHED_AT = '2026-11-23T10:00:00.000000Z';

function routingFrom(setting: string | null): EventRouting {
  if (setting === null) return { routes: ROUTES };
  const parsed = parseEventTypeSources(setting);
  if (parsed.kind === 'invalid') throw new Error(parsed.problem);
  return { routes: ROUTES, eventTypeFrom: parsed.sources };
}

describe('the event type of a message', () => {
  it.each<[string, string | null, string, Record<string, string>, string | null]>([
    ['of its default place', null, '{"event_type":"order"}', {}, 'orders'],
    ['that the default place lacks', null, '{"meta":{"kind":"order"}}', {}, null],
    ['of a pointer', 'field:/meta/kind', '{"meta":{"kind":"order"},"event_type":"x"}', {}, 'orders'],
    [
      'of an attribute',
      'attribute:eventType',
      '{"a":1}',
      { eventType: 'OBJECT_FINALIZE' },
      'object_finalize',
    ],
    ['of a constant', 'attribute:eventType, constant:other', '{"a":1}', {}, 'other'],
    ['that a setting does not look for', 'attribute:eventType', '{"event_type":"order"}', {}, null],
  ])('%s is the same to explain, find and forecast', async (_what, setting, text, attributes, table) => {
    const routing = routingFrom(setting);
    const message = { messageId: 'm', publishedAt: PUBLISHED_AT, data: Buffer.from(text), attributes };
    const now = new Date('2026-11-23T12:00:00Z');
    const read: string[] = [];
    const readSchema = (name: string): Promise<null> => {
      read.push(name);
      return Promise.resolve(null);
    };
    const sql = new RecordedSql([
      [{ published_at: PUBLISHED_AT }],
      [
        {
          message_id: 'm',
          publish_time: PUBLISHED_AT,
          data: message.data.toString('base64'),
          attributes: JSON.stringify(attributes),
        },
      ],
    ]);

    const facts = await findMessage(sql, 'm', {
      since: now,
      now,
      inProgressMs: 1,
      readSchema,
      ...routing,
    });
    const explained = explainMessage('m', facts, routing);
    const forecast = await new Forecaster({ readSchema, ...routing }).forecast(message);

    expect({
      found: facts.table,
      explained: explained.table,
      forecast: forecast.kind === 'row' ? forecast.table : forecast.reason,
      read,
    }).toEqual({
      found: table,
      explained: table,
      forecast: table ?? 'EVENT_TYPE_MISSING',
      read: table === null ? [] : [table, table],
    });
  });
});
