import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { factsOfEveryType, historyEntry, NOW } from './facts.builder.js';
import { historyFact } from './history-facts.js';
import { MAX_ITEMS, NOTICE_TYPES, toMessage, toNotice, type Fact, type Notice } from './notice.js';

const FOLDER = new URL('../../../../docs/notices/', import.meta.url);
const SOURCE = { projectId: 'p', dataset: 'd' };

function noticeOf(facts: readonly Fact[]): Notice {
  const [first, ...others] = facts;
  if (first === undefined) throw new Error('a notice has a fact');
  return toNotice([first, ...others], NOW, SOURCE);
}

/** The schema with objects closed, so that a field that it does not describe is found. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const parts = Object.fromEntries(Object.entries(schema).map(([name, part]) => [name, closed(part)]));
  return parts['type'] === 'object' ? { ...parts, additionalProperties: false } : parts;
}

function mistakesOf(type: string, value: unknown): readonly string[] {
  const ajv = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true });
  addFormats.default(ajv);
  const schema = JSON.parse(readFileSync(new URL(`${type}.schema.json`, FOLDER), 'utf8')) as unknown;
  const validate = ajv.compile(closed(schema) as object);
  validate(value);
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

describe('the schemas in docs/notices', () => {
  it('are one for each type', () => {
    const files = readdirSync(FOLDER).filter((name) => name.endsWith('.json'));

    expect(files.sort()).toEqual([...NOTICE_TYPES].map((type) => `${type}.schema.json`).sort());
  });

  it.each(NOTICE_TYPES)('describe %s as it is published', (type) => {
    const facts = factsOfEveryType()[type];
    const data = JSON.parse(Buffer.from(toMessage(noticeOf(facts)).data).toString()) as Notice;

    expect(facts.length).toBeGreaterThan(0);
    expect(mistakesOf(type, data)).toEqual([]);
  });

  it('refuse another type, a field that is missing, and one that is not described', () => {
    const notice = noticeOf(factsOfEveryType()['schema.changed']);

    expect(mistakesOf('type.silent', notice)).toContain('/type must be equal to constant');
    expect(mistakesOf('schema.changed', { ...notice, id: undefined })).toEqual([
      " must have required property 'id'",
    ]);
    expect(mistakesOf('schema.changed', { ...notice, more: 1 })).toEqual([
      ' must NOT have additional properties',
    ]);
  });
});

describe('a notice', () => {
  it('has an id by its facts, in whatever order and at whatever time they are read', () => {
    const [left, right] = [{ changeId: 'a' }, { changeId: 'b' }].map((parts) =>
      historyFact(historyEntry(parts)),
    );
    if (left === undefined || right === undefined) throw new Error('two facts');
    const later = new Date(NOW.getTime() + 60_000);

    expect(toNotice([right, left], later, SOURCE).id).toBe(toNotice([left, right], NOW, SOURCE).id);
    expect(toNotice([left], NOW, SOURCE).id).not.toBe(toNotice([left, right], NOW, SOURCE).id);
  });

  it('lists 100 facts and counts all', () => {
    const facts = Array.from({ length: 150 }, (_unused, n) =>
      historyFact(historyEntry({ changeId: `c${n}` })),
    );
    const { count, items } = noticeOf(facts).data;

    expect([count, items.length]).toEqual([150, MAX_ITEMS]);
  });

  it('is a message whose data is the CloudEvent and whose attributes can be filtered', () => {
    const notice = noticeOf([historyFact(historyEntry())]);
    const { data, attributes } = toMessage(notice);

    expect(JSON.parse(Buffer.from(data).toString())).toEqual(notice);
    expect(attributes).toEqual({
      'content-type': 'application/cloudevents+json',
      'ce-specversion': '1.0',
      'ce-id': notice.id,
      'ce-type': 'schema.changed',
      'ce-source': '//bigquery.googleapis.com/projects/p/datasets/d',
      'ce-time': '2026-11-30T10:00:00.000Z',
      'ce-subject': 'orders',
    });
  });
});
