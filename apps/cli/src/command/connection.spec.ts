import { describe, expect, it } from '@jest/globals';
import { resolveConnection } from './connection.js';

describe('resolveConnection', () => {
  it.each([
    [
      'the services’ variables',
      {},
      { GCP_PROJECT_ID: 'p', DATASET: 'd' },
      { projectId: 'p', dataset: 'd', archiveDataset: 'd_archive', isLocal: false },
    ],
    [
      'options before variables',
      { project: 'q', dataset: 'e' },
      { GCP_PROJECT_ID: 'p', DATASET: 'd' },
      { projectId: 'q', dataset: 'e', isLocal: false },
    ],
    [
      'an archive of its own',
      { project: 'q' },
      { ARCHIVE_DATASET: 'a' },
      { projectId: 'q', archiveDataset: 'a', isLocal: false },
    ],
    [
      'the local cloud’s defaults, whatever project is set',
      { local: true },
      { GCP_PROJECT_ID: 'p' },
      {
        projectId: 'local-project',
        dataset: 'prod_events_dataset',
        archiveDataset: 'prod_events_archive',
        bigqueryUrl: 'http://127.0.0.1:9050',
        pubsubHost: '127.0.0.1:8085',
        isLocal: true,
      },
    ],
    [
      'the local cloud on other ports',
      { local: true },
      { BIGQUERY_PORT: '1', PUBSUB_PORT: '2' },
      { bigqueryUrl: 'http://127.0.0.1:1', pubsubHost: '127.0.0.1:2' },
    ],
    [
      'emulators that are named',
      { project: 'p' },
      { BIGQUERY_EMULATOR_HOST: 'http://b', PUBSUB_EMULATOR_HOST: 'c:1' },
      { bigqueryUrl: 'http://b', pubsubHost: 'c:1', isLocal: true },
    ],
  ])('takes %s', (_name, options, environment, expected) => {
    expect(resolveConnection(options, environment)).toMatchObject(expected);
  });

  it('asks for a project', () => {
    expect(() => resolveConnection({}, {})).toThrow(/--project/);
  });
});
