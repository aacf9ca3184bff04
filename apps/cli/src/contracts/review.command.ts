import type { Command } from 'commander';
import { EXIT } from '../command/exit-codes.js';
import { pipelineCommand } from '../command/pipeline-command.js';
import { runCommand, type CommandContext, type CommonOptions } from '../command/run-command.js';
import { wholeNumber } from '../command/whole-number.js';
import { DEFAULT_FOLDER } from './contract-files.js';
import { GitRepository } from './git-repository.js';
import { PullRequests } from './pull-requests.js';
import { needsWork, renderReview } from './render-review.js';
import { commentReview, reviewContracts } from './review-contracts.js';

interface ReviewOptions extends CommonOptions {
  readonly dir: string;
  readonly repository: string;
  readonly base: string;
  readonly head: string;
  readonly pullRequest?: number;
}

/** `contracts review`: the files of a branch, for those who decide about its pull request. */
export function reviewCommand(): Command {
  return pipelineCommand('review', {
    summary: 'review the contract files of a commit: plan, breaking changes, checks',
    description:
      'Compares the contract files of --head with those of the commit that it has in common with --base, and prints, for each that differs, ' +
      'mistakes, the plan of contracts apply, the changes that break readers, and the checks that are violated, as Markdown. With ' +
      '--pull-request, gh writes it as one comment, which the next review replaces. Files are read from Git as data: nothing of the commit ' +
      'is run. Exits with 1 if a file has a mistake or a type that no plan can make.',
    examples: [
      'pipeline contracts review --base origin/main',
      'pipeline contracts review --head origin/contracts/orders --pull-request 12',
    ],
  })
    .option('--dir <folder>', 'the folder of the files', DEFAULT_FOLDER)
    .option('--base <revision>', 'the revision to compare with', 'origin/main')
    .option('--head <revision>', 'the revision to review', 'HEAD')
    .option(
      '--pull-request <number>',
      'write the comment of this pull request',
      wholeNumber('A pull request', 1, 1e9),
    )
    .option('--repository <folder>', 'a folder of the Git repository, which --dir is in', '.')
    .action((options: ReviewOptions) => runCommand(options, (context) => review(options, context)));
}

async function review(options: ReviewOptions, context: CommandContext): Promise<number> {
  const repository = new GitRepository(options.repository);
  const scope = {
    repository,
    folder: repository.pathOf(options.dir),
    base: repository.commitOf(options.base),
    head: repository.commitOf(options.head),
  };
  const { pullRequest: number } = options;
  const reviewed =
    number === undefined
      ? await reviewContracts(scope, context)
      : await commentReview(scope, { number, pullRequests: new PullRequests(options.repository) }, context);
  context.print(renderReview(reviewed, scope.head), reviewed);
  return reviewed.some(needsWork) ? EXIT.FOUND : EXIT.OK;
}
