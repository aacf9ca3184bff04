import { describe, expect, it } from '@jest/globals';
import { classifyRowErrors } from './row-error.classifier.js';

const noSuchField = { reason: 'invalid', location: 'a', debugInfo: '', message: 'no such field: a.' };
const badValue = {
  reason: 'invalid',
  location: 'n',
  debugInfo: '',
  message: 'Cannot convert value to integer',
};
const stopped = { reason: 'stopped', location: '', debugInfo: '', message: '' };
const backend = { reason: 'backendError', location: '', debugInfo: '', message: 'Error while reading data' };

describe('classifyRowErrors', () => {
  it.each([
    ['an unknown field', [noSuchField], 'unknown-field', 'a: no such field: a.'],
    ['a bad value', [badValue], 'invalid', 'n: Cannot convert value to integer'],
    [
      'a bad value and an unknown field',
      [noSuchField, badValue],
      'invalid',
      'a: no such field: a.; n: Cannot',
    ],
    ['another row at fault', [stopped], 'stopped', 'stopped'],
    ['a failing backend', [backend, stopped], 'transient', 'Error while reading data'],
    ['no cause', [], 'stopped', 'BigQuery gave no reason'],
  ])('knows %s', (_name, errors, kind, message) => {
    const [error] = classifyRowErrors([{ index: 3, errors }]);

    expect(error).toMatchObject({ index: 3, kind, message: expect.stringContaining(message) });
  });

  it('finds nothing in an answer without errors', () => {
    expect(classifyRowErrors(undefined)).toEqual([]);
  });

  it('reads an index that came as text', () => {
    expect(classifyRowErrors([{ index: '2', errors: [stopped] }])).toMatchObject([{ index: 2 }]);
  });
});
