import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** V8's options in docker/table-manager.Dockerfile, for an instance of 1 GiB. */
const V8_OPTIONS = ['--max-semi-space-size=16', '--max-old-space-size=512'];

export interface LongestWork {
  readonly longestMs: number;
  /** `JSON.parse` of 10 MB with 250,000 values. */
  readonly unitMs: number;
}

/** A table-manager of its own, as it runs on an instance of 1 GiB. */
export class LimitedProcess {
  readonly url: string;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, url: string) {
    this.#child = child;
    this.url = url;
  }

  static async start(env: Readonly<Record<string, string>>): Promise<LimitedProcess> {
    const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
    const longestWork = new URL('./longest-work.ts', import.meta.url).href;
    const child = spawn(process.execPath, [...V8_OPTIONS, '--import', longestWork, main], {
      env: { HOST: '127.0.0.1', PORT: '0', LOG_LEVEL: 'info', ...env },
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    });
    const { stdout } = child;
    if (stdout === null) throw new Error('table-manager has no standard output');
    for await (const line of createInterface({ input: stdout })) {
      const { message, url } = JSON.parse(line) as { message: string; url?: string };
      if (message === 'listening' && url !== undefined) {
        stdout.resume();
        return new LimitedProcess(child, url);
      }
    }
    throw new Error('table-manager ended before it listened');
  }

  /** Null while it runs, else its exit code or signal. */
  get end(): number | string | null {
    return this.#child.exitCode ?? this.#child.signalCode;
  }

  /** The most memory it had at one time, in MiB, as the kernel counts it. */
  async peakMebibytes(): Promise<number> {
    const status = await readFile(`/proc/${String(this.#child.pid)}/status`, 'utf8');
    const kibibytes = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1];
    return Math.round(Number(kibibytes) / 1_024);
  }

  /** The longest piece of work on the main thread since the last call, and a unit to compare it with, in processor time. */
  async longestWork(): Promise<LongestWork> {
    const answer = once(this.#child, 'message');
    this.#child.send('longest-work');
    const [work] = (await answer) as [LongestWork];
    return work;
  }

  async stop(): Promise<void> {
    if (this.end !== null) return;
    const ended = once(this.#child, 'close');
    this.#child.kill('SIGKILL');
    await ended;
  }
}
