import { describe, expect, it } from '@jest/globals';
import type { LoadResult } from '../load/load-job.js';
import { Jobs } from './job.js';
import type { QueryEngine } from './query-engine.js';

const LOADED: LoadResult = {
  inputFiles: 1,
  inputFileBytes: 0,
  outputRows: 0,
  outputBytes: 0,
  badRecords: 0,
  warnings: [],
};
const MAX_JOBS = 2_000;
/** Loads ask no engine. */
const NO_ENGINE: unknown = {};

/** A load into a table of its own name. */
function loadOf(tableId: string): object {
  const destinationTable = { projectId: 'p', datasetId: 'd', tableId };
  return { load: { destinationTable, sourceUris: ['gs://b/o'], sourceFormat: 'NEWLINE_DELIMITED_JSON' } };
}

describe('Jobs', () => {
  it('remember a job that ended after thousands of younger ones', async () => {
    const slow = Promise.withResolvers<LoadResult>();
    const load = ({ table }: { table: { tableId: string } }): Promise<LoadResult> =>
      table.tableId === 'slow' ? slow.promise : Promise.resolve(LOADED);
    const jobs = new Jobs(NO_ENGINE as QueryEngine, load, () => 0);
    const start = (jobId: string): Promise<unknown> => jobs.start('p', { jobId }, { ...loadOf(jobId) }).done;
    const ended = start('slow');
    for (let number = 0; number < MAX_JOBS + 10; number++) await start(`fast${number}`);
    slow.resolve(LOADED);
    await ended;
    await start('last');

    expect(jobs.get('p', 'slow').outcome).toMatchObject({ kind: 'result', load: LOADED });
    expect(() => jobs.get('p', 'fast0')).toThrow('Not found: Job p:fast0');
    expect(jobs.list('p')).toHaveLength(MAX_JOBS);
  });
});
