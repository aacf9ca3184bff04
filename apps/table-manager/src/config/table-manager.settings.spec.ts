import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { describeSettings, loadSettings, parseSettings } from '@pipeline/platform';
import { TableManagerSettings } from './table-manager.settings.js';

describe('TableManagerSettings', () => {
  it('starts with nothing set', () => {
    expect(loadSettings(TableManagerSettings, {})).toMatchObject({
      port: 8081,
      dataset: 'prod_events_dataset',
      deadLetterTopic: 'backend-events-dead-letter',
      eventRoutes: { order: 'orders' },
      eventTypeFrom: 'field:event_type, attribute:event_type, cloudevent',
      schemaWaitSeconds: 600,
      eventDeadlineMs: 9_000,
    });
  });

  it('reads routes and emulators', () => {
    const settings = loadSettings(TableManagerSettings, {
      EVENT_ROUTES: '{"a.b":"ab"}',
      BIGQUERY_EMULATOR_HOST: 'http://127.0.0.1:9050',
      PUBSUB_EMULATOR_HOST: '127.0.0.1:8085',
    });

    expect(settings).toMatchObject({
      eventRoutes: { 'a.b': 'ab' },
      bigqueryEmulatorHost: 'http://127.0.0.1:9050',
      pubsubEmulatorHost: '127.0.0.1:8085',
    });
  });

  it.each([
    ['no JSON', { EVENT_ROUTES: 'a=b' }, 'EVENT_ROUTES'],
    ['a list', { EVENT_ROUTES: '[]' }, 'EVENT_ROUTES'],
    ['a table that is no name', { EVENT_ROUTES: '{"a":"b c"}' }, 'EVENT_ROUTES'],
    ['a table named like a view', { EVENT_ROUTES: '{"a":"b_unique"}' }, 'EVENT_ROUTES'],
    ['a table named like our own', { EVENT_ROUTES: '{"a":"_raw_events"}' }, 'EVENT_ROUTES'],
    ['an emulator that is no URL', { BIGQUERY_EMULATOR_HOST: '127.0.0.1:9050' }, 'BIGQUERY_EMULATOR_HOST'],
    ['a deadline of nothing', { EVENT_DEADLINE_MS: '0' }, 'EVENT_DEADLINE_MS'],
    ['a grace as long as a delivery', { SCHEMA_GRACE_MS: '9000' }, 'SCHEMA_GRACE_MS'],
    ['a source of types that is none', { EVENT_TYPE_FROM: 'type' }, 'EVENT_TYPE_FROM'],
    ['a constant type that is not last', { EVENT_TYPE_FROM: 'constant:a, field:b' }, 'EVENT_TYPE_FROM'],
    ['a dataset with a dash', { DATASET: 'a-b' }, 'DATASET'],
  ])('refuses %s by name', (_name, env, variable) => {
    expect(() => loadSettings(TableManagerSettings, env)).toThrow(`Set ${variable} to`);
  });

  it('accepts a grace below the limit of a delivery, and names both settings otherwise', () => {
    const load = (graceMs: string): unknown =>
      loadSettings(TableManagerSettings, { SCHEMA_GRACE_MS: graceMs, EVENT_DEADLINE_MS: '5000' });

    expect(load('4999')).toMatchObject({ schemaGraceMs: 4_999, eventDeadlineMs: 5_000 });
    expect(() => load('5000')).toThrow('SCHEMA_GRACE_MS must be below EVENT_DEADLINE_MS [isBelow]. Set');
  });

  it('has a README that documents every setting', () => {
    const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');

    expect(parseSettings(readme)).toEqual(describeSettings(TableManagerSettings));
  });
});
