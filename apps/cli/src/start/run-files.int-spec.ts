import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lockDataFolder } from './data-lock.js';
import { describeRun, readRunFiles, writeRunFile, type PipelineRun } from './run-files.js';
import { portsFrom } from './start.options.js';

/** Beyond the largest process id of Linux (2^22). */
const GONE = 5_000_000;

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'runs-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const run = (pid: number, startedAt: string): PipelineRun => ({ pid, startedAt, ports: portsFrom(20_000) });

describe('run files', () => {
  it('name the pipelines that run, the oldest first; those of processes that are gone are removed', () => {
    const runs = join(folder, 'run');
    writeRunFile(runs, run(process.pid, '2026-11-23T11:00:00.000Z'));
    writeRunFile(runs, run(process.ppid, '2026-11-23T10:00:00.000Z'));
    writeRunFile(runs, run(GONE, '2026-11-23T09:00:00.000Z'));
    writeFileSync(join(runs, '1.json'), '{"pid":');

    expect(readRunFiles(runs)).toEqual([
      run(process.ppid, '2026-11-23T10:00:00.000Z'),
      run(process.pid, '2026-11-23T11:00:00.000Z'),
    ]);
    expect(existsSync(join(runs, `${GONE}.json`))).toBe(false);
  });

  it('are removed by the function that writing one gives', () => {
    writeRunFile(folder, run(process.pid, '2026-11-23T11:00:00.000Z'))();

    expect(readdirSync(folder)).toEqual([]);
    expect(readRunFiles(join(folder, 'nowhere'))).toEqual([]);
  });

  it.each([
    ['2026-11-23T12:03:00.000Z', 'pid 7, started 12:03, Pub/Sub on 20000, BigQuery on 20001'],
    ['2026-11-22T12:03:00.000Z', 'pid 7, started 2026-11-22 12:03, Pub/Sub on 20000, BigQuery on 20001'],
  ])('say when the pipeline of %s was started', (startedAt, expected) => {
    expect(describeRun(run(7, startedAt), new Date('2026-11-23T13:00:00Z'))).toBe(expected);
  });
});

describe('the lock of --data', () => {
  it('is taken by one process, and free again afterwards', () => {
    const data = join(folder, 'data');
    const unlock = lockDataFolder(data, process.ppid);

    expect(() => lockDataFolder(data, process.pid)).toThrow(
      `another npm start uses it (pid ${process.ppid}): stop that one first.`,
    );

    unlock();
    lockDataFolder(data, process.pid)();
    expect(readdirSync(data)).toEqual([]);
  });

  it('of a process that is gone is replaced', () => {
    lockDataFolder(folder, GONE);

    expect(() => lockDataFolder(folder, process.pid)).not.toThrow();
  });
});
