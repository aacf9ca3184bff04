import { describe, expect, it } from '@jest/globals';
import { classifyAppendFailure } from './append-error.classifier.js';

const STREAM = 'projects/p/datasets/d/tables/t/streams/_default';

describe('classifyAppendFailure', () => {
  it.each([
    [
      'extra fields by code',
      3,
      'Schema mismatch due to extra fields in user schema: a',
      'SCHEMA_MISMATCH_EXTRA_FIELDS',
      'mismatch',
    ],
    [
      'extra fields by words',
      3,
      `Schema mismatch due to extra fields in user schema: a. Entity: ${STREAM}`,
      null,
      'mismatch',
    ],
    [
      'a type that writers know otherwise',
      3,
      'The proto field mismatched with BigQuery field at Row.a, the proto field type string, BigQuery field type INTEGER',
      null,
      'mismatch',
    ],
    ['a missing table', 5, `Requested entity was not found. Entity: ${STREAM}`, null, 'missing'],
    ['a missing table by code', 3, 'not there', 'TABLE_NOT_FOUND', 'missing'],
    ['a missing stream', 5, 'not there', 'STREAM_NOT_FOUND', 'missing'],
    ['a missing dataset', 5, 'Not found: Dataset p:d', null, 'DATASET_NOT_FOUND setup'],
    [
      'a missing permission',
      7,
      `Permission 'TABLES_UPDATE_DATA' denied on resource '${STREAM}' (or it may not exist).`,
      null,
      'PERMISSION_DENIED setup',
    ],
    [
      'a disabled API',
      7,
      'BigQuery Storage API has not been used in project 1 before or it is disabled.',
      null,
      'API_DISABLED setup',
    ],
    ['no credentials', 2, 'Could not load the default credentials.', null, 'UNAUTHENTICATED setup'],
    [
      'credentials refused',
      16,
      'Request had invalid authentication credentials.',
      null,
      'UNAUTHENTICATED setup',
    ],
    [
      'a request that is too large',
      3,
      'AppendRows request too large: 12582912 limit 10485760',
      null,
      'REQUEST_TOO_LARGE permanent',
    ],
    ['a bad request', 3, 'Invalid proto schema', null, 'INVALID permanent'],
    ['a quota', 8, 'Exceeds AppendRows throughput quota', null, 'RATE_LIMITED transient'],
    ['a server that is away', 14, 'read ECONNRESET', null, 'UNAVAILABLE transient'],
    ['an aborted call', 10, 'Closing the stream because server is closed.', null, 'UNAVAILABLE transient'],
    ['no answer in time', 4, 'deadline', null, 'UNAVAILABLE transient'],
    ['a server error', 13, 'internal error', null, 'UNAVAILABLE transient'],
    ['a server that cannot do it', 12, 'not implemented', null, 'UNEXPECTED transient'],
    ['nothing anybody foresaw', 2, 'boo', null, 'UNEXPECTED transient'],
  ])('knows %s', (_name, status, message, storageError, expected) => {
    const problem = classifyAppendFailure({ status, message, storageError }, 't');

    const described =
      problem.kind === 'error' ? `${problem.error.code} ${problem.error.disposition}` : problem.kind;
    expect(described).toBe(expected);
    expect(problem.kind === 'error' ? problem.error.tableId : 't').toBe('t');
  });
});
