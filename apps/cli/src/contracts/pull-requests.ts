import { runProgram } from './git-repository.js';

/** A pull request of a branch. */
export interface PullRequest {
  readonly number: number;
  readonly state: 'OPEN' | 'CLOSED' | 'MERGED';
  /** The commit that it asks to merge. */
  readonly headRefOid: string;
  readonly url: string;
}

/** The text of a pull request. */
export interface PullRequestText {
  readonly title: string;
  readonly body: string;
}

/** GitHub's limit of a comment is 65,536 characters (from its API's answer to a longer one). */
const MAX_BODY_CHARACTERS = 60_000;

/**
 * Pull requests and their comments through GitHub's own program `gh`, which brings address and token: no token is read here.
 *
 * Source: the GitHub CLI manual, `gh pr` and `gh api`, from memory; the tests use a stub of `gh`.
 */
export class PullRequests {
  /** @param folder a folder of the repository, whose remote names the repository on GitHub */
  constructor(private readonly folder: string) {}

  /** The newest pull requests of a branch, open or not. */
  ofBranch(branch: string, base: string): readonly PullRequest[] {
    const fields = 'number,state,headRefOid,url';
    const text = this.#gh([
      ...['pr', 'list', '--head', branch, '--base', base, '--state', 'all'],
      ...['--limit', '20', '--json', fields],
    ]);
    return JSON.parse(text) as readonly PullRequest[];
  }

  /** @returns the address of the new pull request */
  open(branch: string, base: string, { title, body }: PullRequestText): string {
    const words = ['pr', 'create', '--head', branch, '--base', base, '--title', title, '--body-file', '-'];
    return this.#gh(words, cut(body)).trim();
  }

  update(number: number, { title, body }: PullRequestText): void {
    this.#gh(['pr', 'edit', String(number), '--title', title, '--body-file', '-'], cut(body));
  }

  /** The number of the pull request that brought a commit; null if it came without one. */
  ofCommit(commit: string): number | null {
    const query = '[.[] | select(.merged_at != null) | .number] | first // empty';
    const text = this.#gh(['api', `repos/{owner}/{repo}/commits/${commit}/pulls`, '--jq', query]).trim();
    return text === '' ? null : Number(text);
  }

  /**
   * Writes one comment: the one that begins with the mark is replaced.
   * @param mark an HTML comment, which GitHub does not show
   */
  comment(number: number, mark: string, body: string): void {
    const comments = `repos/{owner}/{repo}/issues/${number}/comments`;
    const query = `.[] | select(.body | startswith(${JSON.stringify(mark)})) | .id`;
    const [id] = this.#gh(['api', '--paginate', comments, '--jq', query]).trim().split('\n');
    const words =
      id === undefined || id === ''
        ? ['api', comments]
        : ['api', '--method', 'PATCH', `repos/{owner}/{repo}/issues/comments/${id}`];
    this.#gh([...words, '--field', 'body=@-'], cut(`${mark}\n${body}`));
  }

  #gh(words: readonly string[], input = ''): string {
    return runProgram('gh', words, { input, folder: this.folder });
  }
}

function cut(body: string): string {
  if (body.length <= MAX_BODY_CHARACTERS) return body;
  return `${body.slice(0, MAX_BODY_CHARACTERS)}\n\n… cut: run the command for the rest.`;
}

/** Text of an event inside a code span of Markdown: it cannot end the span, the cell or the line. */
export function codeSpan(text: string): string {
  return `\`${text.replaceAll('`', "'").replaceAll('|', '¦').replace(/\s+/g, ' ')}\``;
}
