import { describe, expect, it } from '@jest/globals';
import { applyMask } from './field-mask.js';

const CURRENT = {
  name: 'n',
  labels: { a: '1' },
  pushConfig: { pushEndpoint: 'old', attributes: { k: 'v' } },
};
const CHANGEABLE = new Set(['labels', 'pushConfig', 'retryPolicy']);

describe('applyMask', () => {
  it.each([
    ['sets a field', { labels: { b: '2' } }, 'labels', { ...CURRENT, labels: { b: '2' } }],
    ['clears a field that is not given', {}, 'labels', { name: 'n', pushConfig: CURRENT.pushConfig }],
    [
      'sets a field within a field, in snake_case',
      { pushConfig: { pushEndpoint: 'new' } },
      'push_config.push_endpoint',
      { ...CURRENT, pushConfig: { pushEndpoint: 'new', attributes: { k: 'v' } } },
    ],
    [
      'makes the field around it',
      { retryPolicy: { minimumBackoff: '1s' } },
      'retryPolicy.minimumBackoff',
      { ...CURRENT, retryPolicy: { minimumBackoff: '1s' } },
    ],
    ['leaves unmasked fields', { labels: {}, pushConfig: {} }, 'labels', { ...CURRENT, labels: {} }],
  ])('%s', (_, given, mask, expected) => {
    expect(applyMask(CURRENT, given, mask, CHANGEABLE)).toEqual(expected);
  });

  it.each([[''], [undefined], ['name'], ['colour'], ['labels,name']])('refuses the mask %p', (mask) => {
    expect(() => applyMask(CURRENT, {}, mask, CHANGEABLE)).toThrow('update_mask');
  });
});
