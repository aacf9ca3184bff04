import { execFileSync, type ExecFileSyncOptionsWithStringEncoding } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { UsageError } from '../command/exit-codes.js';
import { GitRepository } from './git-repository.js';
import type { Proposal } from './plan-proposal.js';
import { publishProposal, type PublishedProposal } from './publish-proposal.js';
import type { PullRequest } from './pull-requests.js';

const FILE = 'contracts/orders.odcs.yaml';
const BRANCH = 'contracts/orders';
const BASE = 'refs/remotes/origin/main';

let folder: string;
let clone: string;
let repository: GitRepository;
let requests: PullRequest[];

function git(...words: readonly string[]): string {
  const options: ExecFileSyncOptionsWithStringEncoding = {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  };
  return execFileSync(
    'git',
    ['-C', clone, '-c', 'user.name=Ada', '-c', 'user.email=ada@example.org', ...words],
    options,
  );
}

function commitAll(message: string): void {
  git('add', '--all');
  git('commit', '--quiet', '--message', message);
}

function publish(text: string | null): PublishedProposal | null {
  repository.fetch();
  const proposal: Proposal | null =
    text === null ? null : { table: 'orders', file: FILE, text, differences: [], approvals: [], total: 0 };
  return publishProposal('orders', proposal, {
    repository,
    base: { branch: 'main', commit: repository.commitOf(BASE) },
    pullRequests: {
      ofBranch: () => requests,
      open: (branch) => {
        const headRefOid = repository.remoteTip(branch) ?? '';
        requests = [{ number: requests.length + 1, state: 'OPEN', headRefOid, url: 'https://x/pull/1' }];
        return 'https://x/pull/1';
      },
      update: () => undefined,
    },
  });
}

/** The text of the file on the branch. */
function proposed(): string | null {
  repository.fetch();
  const tip = repository.remoteTip(BRANCH);
  return tip === null ? null : repository.read(tip, FILE);
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'proposals-'));
  const bare = join(folder, 'remote.git');
  clone = join(folder, 'clone');
  execFileSync('git', ['init', '--quiet', '--bare', '--initial-branch=main', bare]);
  execFileSync('git', ['clone', '--quiet', bare, clone], { stdio: 'pipe' });
  git('checkout', '--quiet', '-B', 'main');
  mkdirSync(join(clone, 'contracts'));
  writeFileSync(join(clone, FILE), 'one\n');
  commitAll('One');
  git('push', '--quiet', 'origin', 'main');
  repository = new GitRepository(clone);
  requests = [];
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('publishProposal', () => {
  it('pushes once, opens one pull request, and leaves the working tree alone', () => {
    const result = { table: 'orders', branch: BRANCH, pullRequest: { number: 1, url: 'https://x/pull/1' } };

    expect(publish('two\n')).toMatchObject({ ...result, outcome: 'pushed' });
    const tip = repository.remoteTip(BRANCH);
    expect(publish('two\n')).toMatchObject({ ...result, outcome: 'unchanged' });

    expect(repository.remoteTip(BRANCH)).toBe(tip);
    expect([git('status', '--porcelain'), git('branch', '--show-current')]).toEqual(['', 'main\n']);
  });

  it('replaces its own proposal by one on top of the base', () => {
    publish('two\n');
    writeFileSync(join(clone, 'other'), 'x');
    commitAll('Other');
    git('push', '--quiet', 'origin', 'main');

    expect(publish('three\n')).toMatchObject({ outcome: 'pushed' });
    expect(proposed()).toBe('three\n');
    expect(git('rev-parse', `refs/remotes/origin/${BRANCH}^`)).toBe(git('rev-parse', BASE));
  });

  it('keeps a branch that a person committed to', () => {
    publish('two\n');
    git('checkout', '--quiet', '-b', 'work', `origin/${BRANCH}`);
    writeFileSync(join(clone, FILE), 'two, reviewed\n');
    commitAll('Reviewed');
    git('push', '--quiet', 'origin', `work:${BRANCH}`);

    expect([publish('three\n')?.outcome, publish(null)]).toEqual(['kept', null]);
    expect(proposed()).toBe('two, reviewed\n');
  });

  it('opens no second pull request for what a person closed, until the proposal changes', () => {
    publish('two\n');
    requests = requests.map((request) => ({ ...request, state: 'CLOSED' }));

    expect(publish('two\n')?.outcome).toBe('closed');
    expect(publish('three\n')).toMatchObject({ outcome: 'pushed', pullRequest: { url: 'https://x/pull/1' } });
  });

  it('withdraws a proposal of which nothing is left', () => {
    publish('two\n');

    expect([publish(null)?.outcome, proposed(), publish(null)]).toEqual(['withdrawn', null, null]);
  });
});

describe('GitRepository', () => {
  it('reads regular files only: a link is none', () => {
    symlinkSync('/etc/hostname', join(clone, 'contracts', 'link.odcs.yaml'));
    commitAll('Link');
    const head = repository.commitOf('HEAD');

    expect(repository.files(head, 'contracts')).toEqual([FILE]);
    expect(repository.read(head, 'contracts/link.odcs.yaml')).toBeNull();
  });

  it('takes no revision for an option, and names one that is not there', () => {
    expect(() => repository.commitOf('--all')).toThrow(
      new UsageError('There is no commit --all: fetch it, or name another one.'),
    );
  });

  it('finds folders from the root of the repository', () => {
    expect([
      repository.pathOf('contracts'),
      new GitRepository(join(clone, 'contracts')).pathOf('./x/'),
    ]).toEqual(['contracts', 'contracts/x']);
  });

  it('refuses to overwrite a branch that changed since it was read', () => {
    publish('two\n');
    const parent = repository.commitOf(BASE);
    const commit = repository.commit({ parent, path: FILE, text: 'four\n', message: 'Four' });

    expect(() => {
      repository.push(commit, BRANCH, null);
    }).toThrow(/stale info/);
  });
});
