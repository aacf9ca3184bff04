import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryFile } from './repository-file.js';
import type { PipelinePorts } from './start.options.js';

/** A pipeline that `npm start` runs on this machine. */
export interface PipelineRun {
  readonly pid: number;
  /** RFC 3339. */
  readonly startedAt: string;
  readonly ports: PipelinePorts;
}

/** The folder of the run files: one for each `npm start` of this clone. */
export function runFolder(environment: Readonly<Record<string, string | undefined>>): string {
  return environment['PIPELINE_RUN_FOLDER'] ?? repositoryFile('.cache/run');
}

/** Writes the file that `--local` reads. @returns a function that removes it */
export function writeRunFile(folder: string, run: PipelineRun): () => void {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${run.pid}.json`);
  writeFileSync(file, `${JSON.stringify(run, null, 2)}\n`);
  return () => {
    rmSync(file, { force: true });
  };
}

/** The pipelines that run, the oldest first. Files of processes that are gone are removed. */
export function readRunFiles(folder: string): PipelineRun[] {
  const runs = fileNames(folder).flatMap((name) => {
    const file = join(folder, name);
    const run = readRun(file);
    if (run !== null && isAlive(run.pid)) return [run];
    if (run !== null) rmSync(file, { force: true });
    return [];
  });
  return runs.sort((left, right) => left.startedAt.localeCompare(right.startedAt));
}

function fileNames(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => /^\d+\.json$/.test(name));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** Null for a file that is being written, or gone. */
function readRun(file: string): PipelineRun | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as PipelineRun;
  } catch {
    return null;
  }
}

/** True if there is such a process, of any user. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** `pid 4711, started 12:03, ports 8085, 9050, …`: the local time of today, else the date too. */
export function describeRun({ pid, startedAt, ports }: PipelineRun, now: Date): string {
  const at = new Date(startedAt);
  const time = `${twoDigits(at.getHours())}:${twoDigits(at.getMinutes())}`;
  const day = `${at.getFullYear()}-${twoDigits(at.getMonth() + 1)}-${twoDigits(at.getDate())}`;
  const when = at.toDateString() === now.toDateString() ? time : `${day} ${time}`;
  return `pid ${pid}, started ${when}, Pub/Sub on ${ports.pubsubPort}, BigQuery on ${ports.bigqueryPort}`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
