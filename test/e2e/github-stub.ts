import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The state of the stub of `gh`, as it keeps it in a file. */
export interface GithubState {
  readonly pullRequests: readonly {
    readonly number: number;
    readonly head: string;
    readonly title: string;
    readonly body: string;
    readonly state: 'OPEN' | 'CLOSED' | 'MERGED';
    readonly headRefOid: string;
  }[];
  readonly comments: readonly { readonly id: number; readonly issue: number; readonly body: string }[];
}

/** A bare repository with a clone of it, and a stub of GitHub's `gh` in a folder for the PATH. */
export class GithubStub {
  readonly bin: string;
  readonly clone: string;
  readonly #state: string;

  private constructor(folder: string) {
    this.bin = join(folder, 'bin');
    this.clone = join(folder, 'clone');
    this.#state = join(this.bin, 'state.json');
  }

  /** Makes all of it in an empty folder; the branch main has no commit yet. */
  static create(folder: string): GithubStub {
    const stub = new GithubStub(folder);
    mkdirSync(stub.bin, { recursive: true });
    const bare = join(folder, 'remote.git');
    execFileSync('git', ['init', '--quiet', '--bare', '--initial-branch=main', bare]);
    execFileSync('git', ['clone', '--quiet', bare, stub.clone], { stdio: 'pipe' });
    stub.git('checkout', '--quiet', '-B', 'main');
    stub.git('config', 'user.name', 'Ada');
    stub.git('config', 'user.email', 'ada@example.org');
    const program = join(stub.bin, 'gh');
    writeFileSync(program, `#!${process.execPath}\n${GH}`);
    chmodSync(program, 0o755);
    writeFileSync(join(stub.bin, 'package.json'), '{"type":"commonjs"}');
    return stub;
  }

  git(...words: readonly string[]): string {
    return execFileSync('git', ['-C', this.clone, ...words], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  /** Commits everything in the clone, and pushes main. */
  commitAll(message: string): void {
    this.git('add', '--all');
    this.git('commit', '--quiet', '--message', message);
    this.git('push', '--quiet', 'origin', 'main');
  }

  /** Merges a branch of the remote into main, as the button of a pull request does. */
  merge(branch: string): void {
    this.git('pull', '--quiet', 'origin', 'main');
    this.git('fetch', '--quiet', 'origin', branch);
    this.git('merge', '--quiet', '--no-ff', '--message', `Merge ${branch}`, 'FETCH_HEAD');
    this.git('push', '--quiet', 'origin', 'main');
    const { pullRequests, comments } = this.state();
    const merged = pullRequests.map((request) =>
      request.head === branch && request.state === 'OPEN' ? { ...request, state: 'MERGED' } : request,
    );
    writeFileSync(this.#state, JSON.stringify({ pullRequests: merged, comments }));
  }

  branches(): readonly string[] {
    return this.git('ls-remote', '--heads', 'origin')
      .trim()
      .split('\n')
      .map((line) => line.replace(/^.*refs\/heads\//, ''));
  }

  state(): GithubState {
    if (!existsSync(this.#state)) return { pullRequests: [], comments: [] };
    return JSON.parse(readFileSync(this.#state, 'utf8')) as GithubState;
  }
}

/** The calls that the pipeline makes, and no other: an unknown one fails. */
const GH = String.raw`
const { execFileSync } = require('node:child_process');
const { existsSync, readFileSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const file = join(__dirname, 'state.json');
const state = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { pullRequests: [], comments: [] };
const words = process.argv.slice(2);
const option = (name) => words[words.indexOf(name) + 1];
const input = () => readFileSync(0, 'utf8');
const tip = (head) => execFileSync('git', ['ls-remote', 'origin', 'refs/heads/' + head], { encoding: 'utf8' }).split('\t')[0];
const save = () => writeFileSync(file, JSON.stringify(state));
const url = ({ number }) => 'https://github.example/o/r/pull/' + number;
const fail = () => { console.error('the stub does not know: gh ' + words.join(' ')); process.exit(1); };
if (words[0] === 'pr' && words[1] === 'list') {
  const found = state.pullRequests.filter((request) => request.head === option('--head') && option('--base') === 'main');
  for (const request of found) if (request.state === 'OPEN') request.headRefOid = tip(request.head);
  console.log(JSON.stringify(found.reverse().map((request) => ({ ...request, url: url(request) }))));
} else if (words[0] === 'pr' && words[1] === 'create') {
  const request = { number: state.pullRequests.length + 1, head: option('--head'), title: option('--title'), body: input(), state: 'OPEN', headRefOid: tip(option('--head')) };
  state.pullRequests.push(request);
  save();
  console.log(url(request));
} else if (words[0] === 'pr' && words[1] === 'edit') {
  const request = state.pullRequests.find(({ number }) => number === Number(words[2])) ?? fail();
  Object.assign(request, { title: option('--title'), body: input() });
  save();
} else if (words[0] === 'api') {
  const path = words.find((word) => word.startsWith('repos/{owner}/{repo}/')).slice('repos/{owner}/{repo}/'.length);
  const issue = Number(/^issues\/(\d+)\/comments$/.exec(path)?.[1]);
  const id = Number(/^issues\/comments\/(\d+)$/.exec(path)?.[1]);
  const commit = /^commits\/([0-9a-f]{40})\/pulls$/.exec(path)?.[1];
  if (commit !== undefined) {
    const merged = state.pullRequests.filter(({ state }) => state === 'MERGED').at(-1);
    if (merged !== undefined) console.log(merged.number);
  } else if (option('--method') === 'PATCH' && words.includes('body=@-')) {
    (state.comments.find((comment) => comment.id === id) ?? fail()).body = input();
    save();
  } else if (words.includes('body=@-')) {
    state.comments.push({ id: state.comments.length + 1, issue, body: input() });
    save();
  } else if (words.includes('--paginate')) {
    const mark = JSON.parse(/startswith\((.*)\)\)/.exec(option('--jq'))[1]);
    for (const comment of state.comments) if (comment.issue === issue && comment.body.startsWith(mark)) console.log(comment.id);
  } else fail();
} else fail();
`;
