import { describe, expect, it } from '@jest/globals';
import type { PipelineRun } from '../start/run-files.js';
import { portsFrom } from '../start/start.options.js';
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
    [
      'one emulator that is named, the other of the local cloud: never the real one',
      { local: true },
      { BIGQUERY_EMULATOR_HOST: 'http://b' },
      { bigqueryUrl: 'http://b', pubsubHost: '127.0.0.1:8085', storageUrl: 'http://127.0.0.1:4443' },
    ],
    [
      'ports one after the other',
      { local: true, portBase: 20_000 },
      { PORT_BASE: '30000' },
      {
        pubsubHost: '127.0.0.1:20000',
        bigqueryUrl: 'http://127.0.0.1:20001',
        storageUrl: 'http://127.0.0.1:20003',
      },
    ],
    [
      'the base of the environment',
      { local: true },
      { PORT_BASE: '30000' },
      { pubsubHost: '127.0.0.1:30000', bigqueryUrl: 'http://127.0.0.1:30001' },
    ],
  ])('takes %s', (_name, options, environment, expected) => {
    expect(resolveConnection(options, { environment, runs: () => [] })).toMatchObject(expected);
  });

  const run = (pid: number, pubsubPort: number): PipelineRun => ({
    pid,
    startedAt: '2026-11-23T10:03:00.000Z',
    ports: { ...portsFrom(pubsubPort), bigqueryPort: pubsubPort + 500 },
  });

  it('finds the pipeline that runs, and the one of --port-base', () => {
    const runs = (): PipelineRun[] => [run(7, 100)];
    const expected = { pubsubHost: '127.0.0.1:100', bigqueryUrl: 'http://127.0.0.1:600', isLocal: true };

    expect(resolveConnection({ local: true }, { environment: {}, runs })).toMatchObject(expected);
    expect(resolveConnection({ local: true, portBase: 100 }, { environment: {}, runs })).toMatchObject(
      expected,
    );
  });

  it('asks which of several', () => {
    const runs = (): PipelineRun[] => [run(7, 100), run(8, 200)];

    expect(() => resolveConnection({ local: true }, { environment: {}, runs })).toThrow(
      [
        '2 pipelines run here. Choose one:',
        '  --port-base 100: pid 7, started 2026-11-23 10:03, Pub/Sub on 100, BigQuery on 600',
        '  --port-base 200: pid 8, started 2026-11-23 10:03, Pub/Sub on 200, BigQuery on 700',
      ].join('\n'),
    );
    expect(resolveConnection({ local: true }, { environment: { PUBSUB_PORT: '1' }, runs }).pubsubHost).toBe(
      '127.0.0.1:1',
    );
  });

  it('asks for a project', () => {
    expect(() => resolveConnection({}, { environment: {}, runs: () => [] })).toThrow(/--project/);
  });
});
