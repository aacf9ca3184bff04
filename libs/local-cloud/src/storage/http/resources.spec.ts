import { describe, expect, it } from '@jest/globals';
import {
  parseBucketSettings,
  patchBucketSettings,
  replaceBucketSettings,
} from '../buckets/bucket-settings.js';
import { mergePatch, parseJsonObject } from '../state/json.js';
import { parseObjectFields, patchObjectFields, replaceObjectFields } from '../objects/object-fields.js';
import { selectFields } from './partial-response.js';

describe('mergePatch', () => {
  it.each([
    [{ a: 1 }, { b: 2 }, { a: 1, b: 2 }],
    [{ a: 1 }, { a: null }, {}],
    [{ a: { x: 1, y: 2 } }, { a: { y: null, z: 3 } }, { a: { x: 1, z: 3 } }],
    [{ a: [1, 2] }, { a: [3] }, { a: [3] }],
    [{ a: 1 }, { a: { b: null } }, { a: {} }],
  ])('%j + %j is %j', (current, patch, expected) => {
    expect(mergePatch(current, patch)).toEqual(expected);
  });
});

describe('parseJsonObject', () => {
  it.each(['[]', '1', '"x"', 'null', '{'])('refuses %s', (text) => {
    expect(() => parseJsonObject(text)).toThrow();
  });

  it('takes an empty body for an empty object', () => {
    expect(parseJsonObject(' ')).toEqual({});
  });
});

describe('object fields', () => {
  it('keeps what a client may set and leaves out the rest', () => {
    const body = {
      name: 'n',
      size: '5',
      contentType: 'a/b',
      metadata: { k: 'v', gone: null },
      cacheControl: null,
    };
    expect(parseObjectFields(body)).toEqual({ contentType: 'a/b', metadata: { k: 'v' } });
  });

  it.each([
    ['a number as type', { contentType: 5 }, 'contentType'],
    ['a hold that is no flag', { temporaryHold: 'yes' }, 'temporaryHold'],
    ['metadata that is no object', { metadata: [] }, 'metadata'],
    ['metadata that is no text', { metadata: { k: 1 } }, 'metadata.k'],
    ['metadata of 9 KiB', { metadata: { k: 'x'.repeat(9 * 1024) } }, '8192'],
    ['an unknown storage class', { storageClass: 'FLOPPY' }, 'storage class'],
    ['a time that is none', { customTime: 'soon' }, 'customTime'],
    ['a key of the customer', { kmsKeyName: 'k' }, 'does not support'],
    ['a retention', { retention: { mode: 'Locked' } }, 'does not support'],
  ])('refuses %s', (_name, body, message) => {
    expect(() => parseObjectFields(body)).toThrow(message);
  });

  it('patches, replaces, and changes the storage class in neither', () => {
    const current = { contentType: 'a/b', storageClass: 'STANDARD', metadata: { a: '1' } };
    expect(patchObjectFields(current, { metadata: { b: '2' }, contentType: null })).toEqual({
      storageClass: 'STANDARD',
      metadata: { a: '1', b: '2' },
    });
    expect(replaceObjectFields(current, { metadata: { b: '2' } })).toEqual({
      storageClass: 'STANDARD',
      metadata: { b: '2' },
    });
    expect(() => patchObjectFields(current, { storageClass: 'NEARLINE' })).toThrow('rewrite');
  });
});

describe('bucket settings', () => {
  const current = parseBucketSettings({ name: 'n', location: 'eu', labels: { a: '1' } });

  it('have a location and a storage class', () => {
    expect(current).toEqual({ location: 'EU', storageClass: 'STANDARD', labels: { a: '1' } });
    expect(parseBucketSettings({})).toEqual({ location: 'US', storageClass: 'STANDARD' });
  });

  it('are patched and replaced, the location staying', () => {
    expect(patchBucketSettings(current, { labels: { a: null, b: '2' } })).toMatchObject({
      labels: { b: '2' },
    });
    expect(replaceBucketSettings(current, {})).toEqual({ location: 'EU', storageClass: 'STANDARD' });
    expect(() => patchBucketSettings(current, { location: 'US' })).toThrow('cannot be changed');
  });

  it.each([
    ['labels that are no object', { labels: 'x' }, 'labels'],
    ['a label that is no text', { labels: { a: 1 } }, 'labels.a'],
    ['requester pays', { billing: { requesterPays: true } }, 'requester pays'],
    ['folders', { hierarchicalNamespace: { enabled: true } }, 'hierarchical namespace'],
    ['an encryption key', { encryption: { defaultKmsKeyName: 'k' } }, 'encryption keys'],
  ])('refuse %s', (_name, body, message) => {
    expect(() => parseBucketSettings(body)).toThrow(message);
  });
});

describe('selectFields', () => {
  const value = { kind: 'k', items: [{ name: 'a', owner: { id: 1, mail: 'm' } }], prefixes: ['p'] };

  it.each([
    [null, value],
    ['kind', { kind: 'k' }],
    ['items/name,prefixes', { items: [{ name: 'a' }], prefixes: ['p'] }],
    ['items(name,owner/id)', { items: [{ name: 'a', owner: { id: 1 } }] }],
    ['items(owner(mail))', { items: [{ owner: { mail: 'm' } }] }],
    ['*', value],
    ['absent', {}],
  ])('%s', (fields, expected) => {
    expect(selectFields(value, fields)).toEqual(expected);
  });

  it.each(['items(name', 'a,,b', ')', 'a)'])('refuses %s', (fields) => {
    expect(() => selectFields(value, fields)).toThrow('Invalid field selection');
  });
});
