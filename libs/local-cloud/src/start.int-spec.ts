import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from '@jest/globals';

const INDEX = new URL('../dist/index.js', import.meta.url).href;

/** Counts the asynchronous work that starting begins, by the names that Node gives it; DuckDB's is `generic`. */
const PROGRAM = `
import { createHook } from 'node:async_hooks';
const { startLocalCloud } = await import(${JSON.stringify(INDEX)});
const counts = {};
const hook = createHook({ init: (id, type) => { counts[type] = (counts[type] ?? 0) + 1; } }).enable();
const cloud = await startLocalCloud({ ports: { pubsub: 0, bigquery: 0, bigqueryStorage: 0, storage: 0, eventarc: 0 } });
hook.disable();
await cloud.stop();
console.log(JSON.stringify(counts));
`;

/** Look-ups, connections, processes, threads and keys: what may take a start longer than a second. */
const SLOW =
  /^(GETADDRINFOREQWRAP|GETNAMEINFOREQWRAP|QUERYWRAP|TCPCONNECTWRAP|PROCESSWRAP|WORKER|KEYPAIRGEN|PBKDF2|SCRYPT)/;

/** Set-up of the database: about 40 statements, whatever is stored. */
const MAX_DATABASE_CALLS = 60;

it('a start waits for five ports and a few statements of the database, and for nothing outside the process', async () => {
  const child = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', PROGRAM], {
    cwd: fileURLToPath(new URL('.', import.meta.url)),
  });
  const counts = JSON.parse(child.stdout) as Record<string, number>;

  expect(Object.keys(counts).filter((type) => SLOW.test(type))).toEqual([]);
  expect(counts['TCPSERVERWRAP']).toBe(5);
  expect(counts['generic']).toBeGreaterThan(0);
  expect(counts['generic']).toBeLessThanOrEqual(MAX_DATABASE_CALLS);
});
