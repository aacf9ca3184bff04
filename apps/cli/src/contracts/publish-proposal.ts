import type { GitRepository } from './git-repository.js';
import type { Proposal } from './plan-proposal.js';
import type { PullRequest, PullRequests } from './pull-requests.js';
import { PROPOSAL_TRAILER, renderCommitMessage, renderPullRequest } from './render-proposal.js';

/**
 * The outcome for one table.
 *
 * `pushed`: the branch has the proposal; `unchanged`: it had it before; `kept`: a person committed to the branch, which stays as it
 * is; `closed`: a person closed its pull request, and nothing changed since; `withdrawn`: nothing is left to propose, so that the
 * branch was deleted.
 */
export interface PublishedProposal {
  readonly table: string;
  readonly branch: string;
  readonly outcome: 'pushed' | 'unchanged' | 'kept' | 'closed' | 'withdrawn';
  /** The open pull request; null if none was asked for or there is none. */
  readonly pullRequest: Pick<PullRequest, 'number' | 'url'> | null;
}

export interface PublishOptions {
  readonly repository: GitRepository;
  /** The branch that proposals ask to change, and its commit. */
  readonly base: { readonly branch: string; readonly commit: string };
  /** Null: branches are pushed, and no pull request is opened. */
  readonly pullRequests: Pick<PullRequests, 'ofBranch' | 'open' | 'update'> | null;
}

/** Pushes the proposal of one table as the branch `contracts/<table>`, and opens or updates its pull request. Idempotent. */
export function publishProposal(
  table: string,
  proposal: Proposal | null,
  options: PublishOptions,
): PublishedProposal | null {
  const branch = `contracts/${table}`;
  const { repository, base, pullRequests } = options;
  const tip = repository.remoteTip(branch);
  const isOurs = tip === null || repository.messageOf(tip).includes(PROPOSAL_TRAILER);
  const result = { table, branch, pullRequest: null };
  if (proposal === null) {
    if (tip === null || !isOurs) return null;
    repository.deleteBranch(branch, tip);
    return { ...result, outcome: 'withdrawn' };
  }
  if (!isOurs) return { ...result, outcome: 'kept' };
  const isSame = tip !== null && repository.read(tip, proposal.file) === proposal.text;
  const requests = pullRequests?.ofBranch(branch, base.branch) ?? [];
  const open = requests.find(({ state }) => state === 'OPEN');
  const isClosed = requests.some(({ state, headRefOid }) => state === 'CLOSED' && headRefOid === tip);
  if (isSame && open === undefined && isClosed) return { ...result, outcome: 'closed' };
  if (!isSame) {
    const { file: path, text } = proposal;
    const message = renderCommitMessage(proposal);
    repository.push(repository.commit({ parent: base.commit, path, text, message }), branch, tip);
  }
  const outcome = isSame ? 'unchanged' : 'pushed';
  if (pullRequests === null) return { ...result, outcome };
  return { ...result, outcome, pullRequest: openOrUpdate(proposal, { branch, base, open, pullRequests }) };
}

function openOrUpdate(
  proposal: Proposal,
  {
    branch,
    base,
    open,
    pullRequests,
  }: {
    readonly branch: string;
    readonly base: { readonly branch: string };
    readonly open: PullRequest | undefined;
    readonly pullRequests: Pick<PullRequests, 'open' | 'update'>;
  },
): Pick<PullRequest, 'number' | 'url'> {
  const text = renderPullRequest(proposal);
  if (open !== undefined) {
    pullRequests.update(open.number, text);
    return open;
  }
  const url = pullRequests.open(branch, base.branch, text);
  return { number: Number(/\/(\d+)$/.exec(url)?.[1]), url };
}
