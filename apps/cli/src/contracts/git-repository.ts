import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, posix } from 'node:path';
import { SetupError, UsageError } from '../command/exit-codes.js';

/** A commit of one file, on top of another commit. */
export interface FileCommit {
  /** The commit below. */
  readonly parent: string;
  /** From the root of the repository. */
  readonly path: string;
  readonly text: string;
  readonly message: string;
}

const MAX_OUTPUT_BYTES = 50_000_000;
/** The author where Git has no name of its own, as in a workflow. */
const AUTHOR = { name: 'pipeline', email: 'pipeline@users.noreply.github.com' };

/**
 * The Git repository of the contracts. Reads and makes commits without the working tree: neither a file of it nor its branch changes.
 *
 * Every revision is resolved to a commit first, so that a name is never read as an option.
 */
export class GitRepository {
  constructor(
    readonly folder: string,
    readonly remote = 'origin',
  ) {}

  /** The name of a path inside the repository: `contracts`, also from a folder below. @throws SetupError outside a repository */
  pathOf(path: string): string {
    return posix.join(this.#git(['rev-parse', '--show-prefix']).trim(), path).replace(/\/$/, '');
  }

  /** @throws UsageError if there is no such commit */
  commitOf(revision: string): string {
    try {
      return this.#git([
        'rev-parse',
        '--verify',
        '--quiet',
        '--end-of-options',
        `${revision}^{commit}`,
      ]).trim();
    } catch (cause) {
      if (!(cause instanceof GitError)) throw cause;
      throw new UsageError(`There is no commit ${revision}: fetch it, or name another one.`);
    }
  }

  /** Brings the branches of the remote up to date, and forgets those that are gone. */
  fetch(): void {
    this.#git(['fetch', '--quiet', '--prune', this.remote, `+refs/heads/*:refs/remotes/${this.remote}/*`]);
  }

  /** The tip of a branch of the remote, as of the last fetch; null if there is none. */
  remoteTip(branch: string): string | null {
    const line = this.#git([
      'for-each-ref',
      '--format=%(objectname)',
      `refs/remotes/${this.remote}/${branch}`,
    ]);
    return line.trim() === '' ? null : line.trim();
  }

  /** Regular files directly in a folder of a commit, by path; a link is no file. */
  files(commit: string, folder: string): readonly string[] {
    const lines = this.#git(['ls-tree', '-z', '--full-tree', commit, '--', `${folder}/`]).split('\0');
    return lines.flatMap((line) => {
      const match = /^100(?:644|755) blob [0-9a-f]+\t(.*)$/s.exec(line);
      return match?.[1] === undefined ? [] : [match[1]];
    });
  }

  /** The text of a file of a commit; null if there is none. */
  read(commit: string, path: string): string | null {
    const found = this.#git(['ls-tree', '-z', '--full-tree', commit, '--', path]);
    const [, blob] = /^100(?:644|755) blob ([0-9a-f]+)\t/.exec(found) ?? [];
    return blob === undefined ? null : this.#git(['cat-file', 'blob', blob]);
  }

  /** The newest commit that both have: changes since then are those of the head alone. */
  mergeBase(base: string, head: string): string {
    return this.#git(['merge-base', base, head]).trim();
  }

  messageOf(commit: string): string {
    return this.#git(['log', '-1', '--format=%B', commit]);
  }

  /** Makes a commit that no branch has yet. @returns its id */
  commit({ parent, path, text, message }: FileCommit): string {
    const blob = this.#git(['hash-object', '-w', '--stdin'], { input: text }).trim();
    const scratch = mkdtempSync(join(tmpdir(), 'contracts-'));
    try {
      const env = { GIT_INDEX_FILE: join(scratch, 'index') };
      this.#git(['read-tree', parent], { env });
      this.#git(['update-index', '--add', '--cacheinfo', `100644,${blob},${path}`], { env });
      const tree = this.#git(['write-tree'], { env }).trim();
      return this.#git(['commit-tree', tree, '-p', parent], { input: message, env: this.#author() }).trim();
    } finally {
      rmSync(scratch, { recursive: true, force: true });
    }
  }

  /**
   * Pushes a commit as the tip of a branch, if the branch is still as it was read.
   * @param before its tip as read; null if it did not exist
   */
  push(commit: string, branch: string, before: string | null): void {
    const ref = `refs/heads/${branch}`;
    this.#git([
      'push',
      '--quiet',
      `--force-with-lease=${ref}:${before ?? ''}`,
      this.remote,
      `${commit}:${ref}`,
    ]);
    this.#git(['update-ref', `refs/remotes/${this.remote}/${branch}`, commit]);
  }

  /** Deletes a branch of the remote, if it is still as it was read. */
  deleteBranch(branch: string, before: string): void {
    const ref = `refs/heads/${branch}`;
    this.#git(['push', '--quiet', `--force-with-lease=${ref}:${before}`, this.remote, `:${ref}`]);
  }

  #author(): Readonly<Record<string, string>> {
    try {
      this.#git(['var', 'GIT_COMMITTER_IDENT']);
      return {};
    } catch (cause) {
      if (!(cause instanceof GitError)) throw cause;
      const { name, email } = AUTHOR;
      return {
        GIT_AUTHOR_NAME: name,
        GIT_AUTHOR_EMAIL: email,
        GIT_COMMITTER_NAME: name,
        GIT_COMMITTER_EMAIL: email,
      };
    }
  }

  #git(
    words: readonly string[],
    {
      input = '',
      env = {},
    }: { readonly input?: string; readonly env?: Readonly<Record<string, string>> } = {},
  ): string {
    return runProgram('git', words, { input, env, folder: this.folder });
  }
}

/** A program that ended with a failure; the message is its own. */
export class GitError extends SetupError {}

/** Runs a program to its end and returns its output. @throws GitError with the program's own words */
export function runProgram(
  program: string,
  words: readonly string[],
  {
    folder,
    input,
    env = {},
  }: {
    readonly folder: string;
    readonly input: string;
    readonly env?: Readonly<Record<string, string>>;
  },
): string {
  try {
    return execFileSync(program, words, {
      cwd: folder,
      input,
      encoding: 'utf8',
      maxBuffer: MAX_OUTPUT_BYTES,
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, ...env },
    });
  } catch (cause) {
    const { code, stderr = '' } = cause as { readonly code?: string; readonly stderr?: string };
    if (code === 'ENOENT') throw new SetupError(`${program} is not installed.`);
    throw new GitError(
      `${program} ${words
        .filter((word) => !word.startsWith('-'))
        .slice(0, 3)
        .join(' ')}: ${stderr.trim()}`,
    );
  }
}
