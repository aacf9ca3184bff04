import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { problemText, readContract, type ContractProblem, type ReadContract } from '@pipeline/contracts';
import { UsageError } from '../command/exit-codes.js';

/** The folder of contracts, from the working directory. */
export const DEFAULT_FOLDER = 'contracts';

const SUFFIX = '.odcs.yaml';

/** A file that was read without a mistake. */
export type ReadFile = Extract<ReadContract, { readonly kind: 'contract' }>;

/** The name of a table's file. */
export function tableFile(folder: string, table: string): string {
  return join(folder, `${table}${SUFFIX}`);
}

/** The table that a file is named after; null for a name of another form, and for the file of the dataset. */
export function tableOfFile(file: string): string | null {
  const name = file.split('/').at(-1) ?? '';
  return name.endsWith(SUFFIX) && name !== `dataset${SUFFIX}` ? name.slice(0, -SUFFIX.length) : null;
}

export function datasetFile(folder: string): string {
  return join(folder, `dataset${SUFFIX}`);
}

/**
 * The files to read: those that are named, else all of the folder.
 * @throws UsageError if there is no folder or no file in it
 */
export function contractFiles(folder: string, named: readonly string[] = []): readonly string[] {
  if (named.length > 0) return named;
  const files = entriesOf(folder).filter((name) => name.endsWith(SUFFIX));
  if (files.length > 0) return files.sort().map((name) => join(folder, name));
  throw new UsageError(
    `There is no *${SUFFIX} in ${folder}. Create the files with pipeline contracts init, or name another folder with --dir.`,
  );
}

function entriesOf(folder: string): string[] {
  try {
    return statSync(folder).isDirectory() ? readdirSync(folder) : [];
  } catch {
    return [];
  }
}

/** Reads one file. @throws UsageError if it cannot be read */
export function readContractFile(file: string): ReadContract {
  return readContract(file, textOf(file));
}

/** @returns null if the file does not exist */
export function textIfPresent(file: string): string | null {
  return statSync(file, { throwIfNoEntry: false }) === undefined ? null : textOf(file);
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new UsageError(`${file} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
}

/** Reads files that must be without a mistake. @throws UsageError that lists all mistakes */
export function readContractFiles(files: readonly string[]): readonly ReadFile[] {
  const results = files.map(readContractFile);
  const problems = results.flatMap((result) => (result.kind === 'problems' ? result.problems : []));
  if (problems.length > 0) throw new UsageError(renderProblems(problems));
  return results.filter((result) => result.kind === 'contract');
}

export function renderProblems(problems: readonly ContractProblem[]): string {
  return problems.map(problemText).join('\n');
}

export function writeContractFile(folder: string, file: string, text: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, text);
}
