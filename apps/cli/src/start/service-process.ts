import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { followLines, readLastLines } from './log-file.js';

/** A service to start: name, program, arguments, environment and readiness probe. */
export interface ServiceDefinition {
  readonly name: string;
  /** The program and its first arguments. It ends when its standard input, or its channel to Node, does. */
  readonly command: readonly string[];
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** The readiness probe: an address that answers with success, or a line of the log. */
  readonly ready: { readonly url: string } | { readonly logLine: string };
}

/** A service that ended by itself. */
export interface ServiceEnd {
  readonly name: string;
  readonly how: string;
  readonly lastLines: readonly string[];
}

const KEPT_LINES = 20;
const READY_POLL_MS = 50;
const READY_TIMEOUT_MS = 120_000;
/** Cloud Run grants ten seconds; on a laptop Ctrl-C promises five in all, so each service gets less. */
const STOP_GRACE_MS = 3_500;

/**
 * One service as a process of its own group, so that Ctrl-C reaches it only through us and in our order. It writes its
 * log straight into a file: a pipe would break when we are killed, and a service that logs into a broken pipe hangs.
 *
 * Invariant: after `stop()` has resolved the process is gone; when we are gone, it goes too (`exit-with-parent`).
 */
export class ServiceProcess {
  /** Resolves when the service ends without having been asked to. */
  readonly crashed: Promise<ServiceEnd>;
  private readonly child: ChildProcess;
  private readonly exited: Promise<unknown>;
  private stopping = false;

  constructor(
    private readonly service: ServiceDefinition,
    private readonly logFile: string,
    onLine?: (line: string) => void,
  ) {
    const [program = '', ...programArgs] = service.command;
    const descriptor = openSync(logFile, 'w');
    this.child = spawn(program, [...programArgs, ...service.args], {
      env: { ...process.env, ...service.environment },
      stdio: ['pipe', descriptor, descriptor, 'ipc'],
      detached: true,
    });
    closeSync(descriptor);
    this.exited = once(this.child, 'exit');
    const stopFollowing = onLine === undefined ? undefined : followLines(logFile, onLine);
    this.crashed = new Promise((resolve) => {
      this.child.once('close', (code, signal) => {
        stopFollowing?.();
        const how = signal === null ? `exit code ${code}` : `signal ${signal}`;
        if (!this.stopping)
          resolve({ name: service.name, how, lastLines: readLastLines(logFile, KEPT_LINES) });
      });
    });
  }

  /** Waits until the service can work. Errors: throws after two minutes, with what the service answered last. */
  async ready(): Promise<void> {
    const deadline = Date.now() + READY_TIMEOUT_MS;
    let answer = 'nothing';
    while (Date.now() < deadline && !this.stopping) {
      answer = await this.probe();
      if (answer === 'ready') return;
      await new Promise((resolve) => setTimeout(resolve, READY_POLL_MS));
    }
    throw new Error(
      `${this.service.name} did not get ready within ${READY_TIMEOUT_MS / 1000} s; it answered: ${answer}`,
    );
  }

  private async probe(): Promise<string> {
    const { ready } = this.service;
    if ('url' in ready) return probe(ready.url);
    const lines = readLastLines(this.logFile, KEPT_LINES);
    return lines.some((line) => line.includes(ready.logLine)) ? 'ready' : (lines.at(-1) ?? 'nothing');
  }

  /** `kill -9` for the service and its children: gone without a word, as when a machine fails. */
  async kill(): Promise<void> {
    this.stopping = true;
    if (this.isGone) return;
    killGroup(this.child);
    await this.exited;
  }

  private get isGone(): boolean {
    const { exitCode, signalCode, pid } = this.child;
    return exitCode !== null || signalCode !== null || pid === undefined;
  }

  /** Ends the service: SIGTERM, and SIGKILL for it and its children when it does not go in time. */
  async stop(): Promise<void> {
    this.stopping = true;
    if (this.isGone) return;
    this.child.kill('SIGTERM');
    const killer = setTimeout(() => {
      killGroup(this.child);
    }, STOP_GRACE_MS);
    await this.exited;
    clearTimeout(killer);
  }
}

function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

async function probe(url: string): Promise<string> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
    const body = await response.text();
    return response.ok ? 'ready' : `${response.status} ${body.slice(0, 500)}`;
  } catch (error) {
    return error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
  }
}
