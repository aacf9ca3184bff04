import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { dataflowJobService } from './dataflow-job.js';
import { repositoryFile } from './repository-file.js';
import type { StartOptions } from './start.options.js';

const OPTIONS: StartOptions = {
  delivery: 'dataflow',
  rate: 5,
  generate: true,
  exit: false,
  patience: 60,
  verbose: false,
  pubsubPort: 1,
  bigqueryPort: 2,
  bigqueryStoragePort: 3,
  storagePort: 4,
  eventarcPort: 5,
  eventGeneratorPort: 6,
  tableManagerPort: 7,
  consolePort: 8,
};
/** Options of Beam itself. */
const OF_BEAM = [
  'runner',
  'project',
  'pubsubRootUrl',
  'gcsEndpoint',
  'credentialFactoryClass',
  'enforceImmutability',
  'enforceEncodability',
];

function source(file: string): string {
  return readFileSync(repositoryFile(`dataflow/src/main/java/io/pipeline/dataflow/${file}`), 'utf8');
}

describe('dataflowJobService', () => {
  const { args, command, ready } = dataflowJobService(OPTIONS);

  it('reads the local cloud', () => {
    expect(args).toEqual(
      expect.arrayContaining([
        '--inputSubscription=projects/local-project/subscriptions/backend-events-topic-sub',
        '--archiveLocation=gs://local-project-prod-events/events',
        '--pubsubRootUrl=http://127.0.0.1:1',
        '--bigqueryEndpoint=http://127.0.0.1:2',
        '--bigqueryStorageEndpoint=127.0.0.1:3',
        '--gcsEndpoint=http://127.0.0.1:4/storage/v1/',
      ]),
    );
  });

  it('gives no option that the job does not have', () => {
    const options = [...source('options/JobOptions.java').matchAll(/ get(\w)(\w*)\(\);/g)].map(
      ([, first = '', rest = '']) => first.toLowerCase() + rest,
    );
    const given = args.map((argument) => /^--(\w+)=/.exec(argument)?.[1]);

    expect(given.filter((name) => name === undefined || ![...options, ...OF_BEAM].includes(name))).toEqual(
      [],
    );
  });

  it('waits for the line that the job writes, and ends it with its input', () => {
    const main = source('pipeline/EventsToBigQuery.java');

    expect(ready).toEqual({ logLine: expect.any(String) });
    expect(main).toContain('logLine' in ready ? `"${ready.logLine}"` : '');
    expect(command).toContain('-Dpipeline.exitWithInput=true');
    expect(main).toContain('"pipeline.exitWithInput"');
  });
});
