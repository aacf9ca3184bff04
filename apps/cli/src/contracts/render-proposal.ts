import type { PendingApproval } from '@pipeline/books';
import { pathText, type Difference } from '@pipeline/contracts';
import type { Proposal } from './plan-proposal.js';
import type { PublishedProposal } from './publish-proposal.js';
import { codeSpan, type PullRequestText } from './pull-requests.js';

/** The line by which a commit of `contracts propose` is recognised; a person who amends the branch removes it. */
export const PROPOSAL_TRAILER = 'Proposed-by: pipeline contracts propose';

/** The message of the commit. Names of fields stay out of its subject because events choose them. */
export function renderCommitMessage({ table, differences }: Proposal): string {
  const lines = differences.map((difference) => `- ${plain(difference)}`);
  return [
    `contracts: ${changesOf(differences.length)} of ${table}`,
    '',
    ...lines,
    '',
    PROPOSAL_TRAILER,
    '',
  ].join('\n');
}

/** Title and description of the pull request. */
export function renderPullRequest(proposal: Proposal): PullRequestText {
  const { table, differences, approvals, total } = proposal;
  const body = [
    `The table ${codeSpan(table)} has, or events ask for, what ${codeSpan(proposal.file)} does not declare:`,
    '',
    ...differences.map((difference) => `- ${codeSpan(plain(difference))}`),
    ...waitingLines(approvals),
    ...(total > approvals.length
      ? ['', `${total - approvals.length} more changes wait; they come after this one.`]
      : []),
    '',
    'Merging applies the contract: columns are added, and the values that wait move into them. Nothing is lost while this is open.',
    `To refuse a change, run ${codeSpan(`pipeline reject ${table} PATH --reason '…'`)}: the proposal is made again without it.`,
  ];
  return { title: `contracts: ${changesOf(differences.length)} of ${table}`, body: body.join('\n') };
}

/** For people, in a terminal. */
export function renderProposals(proposals: readonly Proposal[], isDryRun: boolean): string {
  if (proposals.length === 0)
    return 'The files have every column that is there or waits: nothing to propose.';
  return proposals
    .map(({ file, differences }) =>
      [
        `${file}: ${changesOf(differences.length)}${isDryRun ? ' (nothing was written)' : ' written'}`,
        ...differences.map((difference) => `  + ${plain(difference)}`),
      ].join('\n'),
    )
    .join('\n');
}

export function renderPublished(published: readonly PublishedProposal[]): string {
  if (published.length === 0) return 'Nothing to propose.';
  return published
    .map(({ branch, outcome, pullRequest }) => {
      const url = pullRequest === null ? '' : ` ${pullRequest.url}`;
      return `${branch}: ${OUTCOME_WORDS[outcome]}${url}`;
    })
    .join('\n');
}

const OUTCOME_WORDS: Readonly<Record<PublishedProposal['outcome'], string>> = {
  pushed: 'pushed.',
  unchanged: 'has the proposal already.',
  kept: 'has commits of a person, and was left as it is.',
  closed:
    'its pull request was closed; pipeline reject ends the proposal for good, and deleting the branch opens it again.',
  withdrawn: 'nothing is left to propose; the branch was deleted.',
};

function waitingLines(approvals: readonly PendingApproval[]): readonly string[] {
  if (approvals.length === 0) return [];
  const rows = approvals.map(({ path, type, values, valuesPerHour, sample, firstMessageId, warnings }) => {
    const cells = [
      codeSpan(path),
      type ?? '',
      String(values),
      String(valuesPerHour),
      codeSpan(sample),
      codeSpan(firstMessageId),
      warnings.join(' '),
    ];
    return `| ${cells.join(' | ')} |`;
  });
  return [
    '',
    'Values that wait in the rows (in samples, letters are `x` and digits `9`):',
    '',
    '| path | type | values | per hour | sample | first message | look twice |',
    '|---|---|---|---|---|---|---|',
    ...rows,
  ];
}

function changesOf(count: number): string {
  return count === 1 ? '1 change' : `${count} changes`;
}

function plain(difference: Difference): string {
  const path = pathText(difference.path).replace(/\s+/g, ' ');
  if (difference.kind === 'undeclared') return `${path} ${difference.from}`;
  return difference.kind === 'type' ? `${path}: ${difference.to} → ${difference.from}` : path;
}
