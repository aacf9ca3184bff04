import { describe, expect, it } from '@jest/globals';
import { BooksError } from '@pipeline/books';
import { CloudError } from '@pipeline/google-clients';
import { describeFailure, EXIT, SetupError, UsageError } from './exit-codes.js';

describe('describeFailure', () => {
  it.each<[string, unknown, number, RegExp]>([
    ['a wrong argument', new UsageError('--by takes table or hour.'), EXIT.USAGE, /--by/],
    [
      'a query that is too large',
      new BooksError({ code: 'TOO_EXPENSIVE', message: 'too much' }),
      EXIT.USAGE,
      /too much/,
    ],
    [
      'a missing bucket',
      new SetupError('gs://b/o: The specified bucket does not exist.'),
      EXIT.SETUP,
      /gs:\/\/b\/o/,
    ],
    [
      'a missing topic',
      new CloudError({ code: 'TOPIC_NOT_FOUND', message: 'create it', service: 'Pub/Sub' }),
      EXIT.SETUP,
      /create it/,
    ],
    [
      'a missing dataset',
      new CloudError({ code: 'DATASET_NOT_FOUND', message: 'Not found: Dataset p:d' }),
      EXIT.SETUP,
      /--dataset/,
    ],
    [
      'a missing permission',
      new CloudError({ code: 'PERMISSION_DENIED', message: 'Access Denied' }),
      EXIT.SETUP,
      /Access Denied/,
    ],
    [
      'a table that Terraform makes',
      new CloudError({ code: 'TABLE_NOT_FOUND', message: 'Not found: Table _ledger' }),
      EXIT.SETUP,
      /Terraform/,
    ],
    [
      'an unavailable service',
      new CloudError({ code: 'UNAVAILABLE', message: '503' }),
      EXIT.FAILED,
      /BigQuery failed: 503/,
    ],
    ['an unexpected failure', 'odd', EXIT.FAILED, /odd/],
  ])('says of %s what to do', (_name, cause, exitCode, words) => {
    const failure = describeFailure(cause, false);

    expect(failure.exitCode).toBe(exitCode);
    expect(failure.message).toMatch(words);
  });

  it('asks whether the local cloud is running', () => {
    const refused = new CloudError({ code: 'UNAVAILABLE', message: 'ECONNREFUSED' });

    expect(describeFailure(refused, true)).toMatchObject({
      exitCode: EXIT.SETUP,
      message: expect.stringContaining('npm start'),
    });
  });
});
