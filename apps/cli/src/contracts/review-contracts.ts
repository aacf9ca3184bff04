import { countWaitingValues, type ContractStep } from '@pipeline/bigquery-tables';
import { breaking, problemText, readContract, type BreakingChange } from '@pipeline/contracts';
import type { CommandContext } from '../command/run-command.js';
import { countViolations, type CountedCheck } from './count-violations.js';
import { createDecidingTools } from './deciding-tools.js';
import type { GitRepository } from './git-repository.js';
import type { PullRequests } from './pull-requests.js';
import { renderReview, REVIEW_MARK } from './render-review.js';

/** The files of one commit to compare with those of another. */
export interface ReviewScope {
  readonly repository: GitRepository;
  /** From the root of the repository. */
  readonly folder: string;
  /** The commit before. */
  readonly base: string;
  readonly head: string;
}

/**
 * One file that differs.
 *
 * `mistakes` lists what `contracts lint` finds: then nothing else is looked at.
 */
export type ReviewedFile =
  | { readonly kind: 'mistakes'; readonly file: string; readonly mistakes: readonly string[] }
  | { readonly kind: 'removed'; readonly file: string }
  | { readonly kind: 'dataset'; readonly file: string }
  | {
      readonly kind: 'table';
      readonly file: string;
      readonly table: string;
      readonly steps: readonly ContractStep[];
      readonly breaking: readonly BreakingChange[];
      readonly checks: readonly CountedCheck[];
      /** Values in `_overflow` that wait for a column or an approval. */
      readonly waiting: number;
    };

/** Checks look at the last day, with at most 10 GB for a statement. */
const CHECKED_MS = 86_400_000;
const CHECK_BYTES = 10e9;

/**
 * Reviews each contract file that differs between two commits: mistakes, the plan (as `contracts apply` makes it), what breaks readers,
 * and violated checks. Reads files from Git as data: nothing of the commits is run. Changes nothing.
 */
export async function reviewContracts(
  { repository, folder, base, head }: ReviewScope,
  context: CommandContext,
): Promise<readonly ReviewedFile[]> {
  const before = repository.mergeBase(base, head);
  const files = new Set([...repository.files(before, folder), ...repository.files(head, folder)]);
  const reviewed: ReviewedFile[] = [];
  for (const file of [...files].filter((name) => name.endsWith('.odcs.yaml')).sort()) {
    const texts = { before: repository.read(before, file), after: repository.read(head, file) };
    if (texts.before !== texts.after) reviewed.push(await reviewFile(file, texts, context));
  }
  return reviewed;
}

/** Reviews, and writes the result as the one comment of a pull request. */
export async function commentReview(
  scope: ReviewScope,
  { number, pullRequests }: { readonly number: number; readonly pullRequests: PullRequests },
  context: CommandContext,
): Promise<readonly ReviewedFile[]> {
  const reviewed = await reviewContracts(scope, context);
  pullRequests.comment(number, REVIEW_MARK, renderReview(reviewed, scope.head));
  return reviewed;
}

async function reviewFile(
  file: string,
  { before, after }: { readonly before: string | null; readonly after: string | null },
  { client, sql, readSchema, now }: CommandContext,
): Promise<ReviewedFile> {
  if (after === null) return { kind: 'removed', file };
  const read = readContract(file, after);
  if (read.kind === 'problems') return { kind: 'mistakes', file, mistakes: read.problems.map(problemText) };
  const { contract } = read;
  if (contract.kind === 'dataset') return { kind: 'dataset', file };
  const { table } = contract;
  const earlier = before === null ? null : readContract(file, before);
  const changes = earlier?.kind === 'contract' ? breaking(earlier.dto, read.dto) : [];
  const shared = { kind: 'table', file, table, breaking: changes } as const;
  const schema = await readSchema(table);
  const { steps } = await createDecidingTools(client).applier.plan(table, contract);
  if (schema === null) return { ...shared, steps, checks: [], waiting: 0 };
  const scope = { from: new Date(now.getTime() - CHECKED_MS), to: now, maximumBytesBilled: CHECK_BYTES };
  return {
    ...shared,
    steps,
    checks: await countViolations(sql, { contract, schema }, scope),
    waiting: await countWaitingValues(sql, table, ''),
  };
}
