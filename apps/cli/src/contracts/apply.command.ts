import type { Command } from 'commander';
import type { ContractResult } from '@pipeline/bigquery-tables';
import type { Release } from '@pipeline/books';
import { countOf } from '../command/count-words.js';
import { EXIT } from '../command/exit-codes.js';
import { pipelineCommand } from '../command/pipeline-command.js';
import { withRouting } from '../command/routing-options.js';
import { runCommand, type CommandContext, type CommonOptions } from '../command/run-command.js';
import {
  applyTypes,
  planTypes,
  releaseTables,
  renderAppliedTypes,
  renderPlannedTypes,
  type AppliedTypes,
} from './apply-types.js';
import type { TypeOptions } from './decide-type.js';
import { releaseText, replayTopicOption } from './releasing.js';
import { contractFiles, DEFAULT_FOLDER, readContractFiles } from './contract-files.js';
import { createDecidingTools } from './deciding-tools.js';
import { GitRepository } from './git-repository.js';
import { codeSpan, PullRequests } from './pull-requests.js';
import { renderStep } from './render-step.js';

interface ApplyOptions extends CommonOptions, TypeOptions {
  readonly dir: string;
  readonly dryRun?: boolean;
  readonly commentFor?: string;
  readonly repository: string;
}

/** The first line of the comment, by which it is found and replaced. */
const APPLY_MARK = '<!-- pipeline contracts apply -->';

/** The result for one table. */
type AppliedTable = ContractResult & {
  readonly table: string;
  readonly file: string;
  /** Events that waited for an approval of their type; null if none did. */
  readonly release: Release | null;
};

/** `contracts apply`: files into tables. */
export function applyCommand(): Command {
  return withRouting(
    pipelineCommand('apply', {
      summary: 'write contracts into their tables',
      description:
        'Prints the plan, then makes it: verbs go into labels and descriptions of the tables, declared columns that a table lacks are added, ' +
        'declared wider types are made, and the values that waited for them are moved. Types that differ otherwise are left alone: see ' +
        'pipeline retype. Columns that only the table has stay. A table that does not exist is created, which approves its event type, and the ' +
        'messages that wait for it are replayed. dataset.odcs.yaml is applied last: its verb for new event types goes into a label of _quarantine. ' +
        'Applied again, it changes nothing.',
      examples: [
        'pipeline contracts apply --dry-run',
        'pipeline contracts apply contracts/orders.odcs.yaml',
        'pipeline contracts apply --local',
      ],
    })
      .argument('[file...]', 'the files; all of the folder if absent')
      .option('--dir <folder>', 'the folder of the files', DEFAULT_FOLDER)
      .option('--dry-run', 'print the plan, and change nothing')
      .option(
        '--comment-for <commit>',
        'comment the result on the pull request that brought this commit, with gh',
      )
      .option('--repository <folder>', 'with --comment-for: a folder of the Git repository', '.')
      .addOption(replayTopicOption()),
  ).action((files: readonly string[], options: ApplyOptions) =>
    runCommand(options, (context) => apply(files, options, context)),
  );
}

async function apply(
  named: readonly string[],
  options: ApplyOptions,
  context: CommandContext,
): Promise<number> {
  const { dir, dryRun = false, json = false, commentFor, repository } = options;
  const { client, print, progress } = context;
  const contracts = readContractFiles(contractFiles(dir, named)).map(({ contract }) => contract);
  const { applier } = createDecidingTools(client);
  const results: AppliedTable[] = [];
  for (const contract of contracts) {
    if (contract.kind !== 'table') continue;
    const { table, file } = contract;
    const planned = { table, file, release: null, ...(await applier.plan(table, contract)) };
    if (!json) print(renderPlanned(planned), planned);
    if (dryRun) results.push(planned);
    else {
      progress.show(`Applying ${file} …`);
      results.push({ table, file, release: null, ...(await applier.apply(table, contract)) });
    }
  }
  const applied = dryRun ? results : await releaseTables(results, options, context);
  // Last, so that tables with a contract have its columns and verbs before other types are free.
  const types: AppliedTypes[] = [];
  for (const contract of contracts) {
    if (contract.kind !== 'dataset') continue;
    const planned = await planTypes(contract, context);
    if (!json) print(renderPlannedTypes(planned), planned);
    types.push(dryRun ? planned : await applyTypes(contract, options, context));
  }
  const all = [...applied, ...types];
  if (json) print('', all);
  else if (!dryRun) print([...applied.map(renderApplied), ...types.map(renderAppliedTypes)].join('\n'), all);
  if (commentFor !== undefined && !dryRun)
    comment(applied, types, { revision: commentFor, folder: repository });
  const left = all.some(({ release }) => release !== null && release.left > 0);
  return left || applied.some(needsALook) ? EXIT.FOUND : EXIT.OK;
}

/** A commit that came without a pull request gets no comment. */
function comment(
  results: readonly AppliedTable[],
  types: readonly AppliedTypes[],
  { revision, folder }: { readonly revision: string; readonly folder: string },
): void {
  const pullRequests = new PullRequests(folder);
  const number = pullRequests.ofCommit(new GitRepository(folder).commitOf(revision));
  if (number === null) return;
  const lines = results.flatMap((result) => [
    `- ${renderApplied(result)}`,
    ...result.steps.map((step) => `  - ${codeSpan(renderStep(step).trim())}`),
  ]);
  const decided = types.map((result) => `- ${renderAppliedTypes(result)}`);
  pullRequests.comment(number, APPLY_MARK, ['## Contracts applied', '', ...lines, ...decided].join('\n'));
}

/** A conflict stays, and so do values that a writer adds before it knows the change. */
function needsALook(result: AppliedTable): boolean {
  return result.steps.some(({ kind }) => kind === 'conflict') || failed(result);
}

function failed(result: AppliedTable): boolean {
  if (result.kind !== 'applied') return false;
  return result.run?.days.some(({ outcome }) => outcome === 'failed' || outcome === 'deferred') ?? false;
}

function renderPlanned(result: AppliedTable): string {
  const { table, file } = result;
  if (result.steps.length === 0) return `${table}: nothing to do.`;
  return [`${table}: ${file}`, ...result.steps.map(renderStep)].join('\n');
}

function renderApplied(result: AppliedTable): string {
  if (result.kind !== 'applied') return `${result.table}: not applied.`;
  const { table, run, left, steps, release } = result;
  const made = steps.filter(({ kind }) => kind !== 'conflict').length;
  const moved = run?.days.reduce((sum, { valuesMoved }) => sum + valuesMoved, 0) ?? 0;
  const waiting =
    left === 0
      ? 'no value waits'
      : `${countOf(left, 'value waits', 'values wait')}: pipeline contracts pending ${table}`;
  const events = release === null ? '' : ` ${releaseText(release)}`;
  return `${table}: ${countOf(made, 'change')} made, ${countOf(moved, 'value')} moved, ${waiting}.${events}`;
}
