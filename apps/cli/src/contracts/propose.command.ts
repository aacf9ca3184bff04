import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { EXIT, UsageError } from '../command/exit-codes.js';
import { pipelineCommand } from '../command/pipeline-command.js';
import { runCommand, type CommandContext, type CommonOptions } from '../command/run-command.js';
import { contractFiles, DEFAULT_FOLDER, tableOfFile, writeContractFile } from './contract-files.js';
import { GitRepository } from './git-repository.js';
import { planProposal, type Proposal } from './plan-proposal.js';
import { publishProposal, type PublishedProposal } from './publish-proposal.js';
import { PullRequests } from './pull-requests.js';
import { renderProposals, renderPublished } from './render-proposal.js';
import { commentReview } from './review-contracts.js';

interface ProposeOptions extends CommonOptions {
  readonly dir: string;
  readonly repository: string;
  readonly base: string;
  readonly push?: boolean;
  readonly pullRequests?: boolean;
  readonly dryRun?: boolean;
}

/** `contracts propose`: what waits and what was made by hand, into files, branches and pull requests. */
export function proposeCommand(): Command {
  return pipelineCommand('propose', {
    summary: 'write pending changes into the contract files, or into a branch for each table',
    description:
      'Adds to each contract file the changes that wait for an approval and were not rejected, and columns and types that the table got ' +
      'without the file. With --push, each table gets one commit on its own branch contracts/TABLE, on top of --base; the working tree is ' +
      'not touched, and a branch that a person committed to is left alone. With --pull-requests, gh opens or updates the pull request of ' +
      'each branch, with one comment that shows the plan. Applies nothing; done again, it changes nothing.',
    examples: [
      'pipeline contracts propose --dry-run',
      'pipeline contracts propose --local',
      'pipeline contracts propose --pull-requests',
    ],
  })
    .option('--dir <folder>', 'the folder of the files', DEFAULT_FOLDER)
    .option('--dry-run', 'print the changes, and write nothing')
    .option('--push', 'push one branch for each table')
    .option('--pull-requests', 'push, and open or update pull requests with gh')
    .option('--base <branch>', 'the branch of origin that pull requests ask to change', 'main')
    .option('--repository <folder>', 'a folder of the Git repository, which --dir is in', '.')
    .action((options: ProposeOptions) => runCommand(options, (context) => propose(options, context)));
}

/** A file to look at: of the working tree, or of the base branch. */
interface SourceFile {
  readonly file: string;
  readonly text: string;
}

async function propose(options: ProposeOptions, context: CommandContext): Promise<number> {
  const { push = false, pullRequests = false, dryRun = false } = options;
  if (push || pullRequests) return proposeBranches(options, context);
  const files = contractFiles(options.dir).map((file) => ({ file, text: readFileSync(file, 'utf8') }));
  const proposals = (await planAll(files, context)).flatMap(({ proposal }) => proposal ?? []);
  if (!dryRun) for (const { file, text } of proposals) writeContractFile(options.dir, file, text);
  context.print(renderProposals(proposals, dryRun), proposals);
  return EXIT.OK;
}

async function proposeBranches(options: ProposeOptions, context: CommandContext): Promise<number> {
  const { base: branch, dir, pullRequests: wantsRequests = false, dryRun = false } = options;
  const repository = new GitRepository(options.repository);
  repository.fetch();
  const commit = repository.commitOf(`refs/remotes/${repository.remote}/${branch}`);
  const folder = repository.pathOf(dir);
  const files = repository.files(commit, folder).filter((file) => tableOfFile(file) !== null);
  if (files.length === 0)
    throw new UsageError(
      `${branch} has no contract in ${folder}: commit the files of pipeline contracts init.`,
    );
  const sources = files.map((file) => ({ file, text: repository.read(commit, file) ?? '' }));
  const planned = await planAll(sources, context);
  if (dryRun) {
    const proposals = planned.flatMap(({ proposal }) => proposal ?? []);
    context.print(renderProposals(proposals, true), proposals);
    return EXIT.OK;
  }
  const pullRequests = wantsRequests ? new PullRequests(options.repository) : null;
  const published: PublishedProposal[] = [];
  for (const { file, proposal } of planned) {
    const table = proposal?.table ?? tableOfFile(file) ?? '';
    const result = publishProposal(table, proposal, { repository, base: { branch, commit }, pullRequests });
    if (result === null) continue;
    published.push(result);
    const head = repository.remoteTip(result.branch);
    if (pullRequests === null || result.pullRequest === null || head === null) continue;
    const review = { repository, folder, base: commit, head };
    await commentReview(review, { number: result.pullRequest.number, pullRequests }, context);
  }
  context.print(renderPublished(published), published);
  return EXIT.OK;
}

async function planAll(
  files: readonly SourceFile[],
  { sql, readSchema }: CommandContext,
): Promise<readonly { readonly file: string; readonly proposal: Proposal | null }[]> {
  const planned: { file: string; proposal: Proposal | null }[] = [];
  for (const { file, text } of files)
    planned.push({ file, proposal: await planProposal({ file, text }, { sql, readSchema }) });
  return planned;
}
