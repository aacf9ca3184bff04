import { join } from 'node:path';
import { ServiceProcess, type ServiceDefinition } from '@pipeline/cli';

/** Several processes of one service, which may be killed and replaced at any moment. */
export class Replicas {
  /** Descriptions of processes that ended without being killed. */
  readonly crashes: string[] = [];
  readonly #processes: ServiceProcess[] = [];
  readonly #starts = new Map<number, Promise<void>>();
  #launches = 0;
  #isStopping = false;

  constructor(
    private readonly definitions: readonly ServiceDefinition[],
    private readonly logDirectory: string,
    private readonly onLine: ((name: string, line: string) => void) | undefined,
  ) {}

  async start(): Promise<void> {
    this.definitions.forEach((_definition, index) => {
      this.#start(index);
    });
    await this.allRunning();
  }

  /**
   * Kills a replica with `kill -9` and starts a replacement without waiting for it.
   * @returns false if the replica is still starting and was left alone
   */
  async killAndReplace(index: number): Promise<boolean> {
    if (this.#starts.has(index)) return false;
    await this.#processes[index]?.kill();
    if (!this.#isStopping) this.#start(index);
    return true;
  }

  /** Resolves when every process can work. */
  async allRunning(): Promise<void> {
    await Promise.all(this.#starts.values());
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    await Promise.all(this.#processes.map((process) => process.stop()));
  }

  #start(index: number): void {
    const definition = this.definitions[index];
    if (definition === undefined) return;
    this.#launches += 1;
    const { name } = definition;
    const process = new ServiceProcess(
      definition,
      join(this.logDirectory, `${name}.${this.#launches}.log`),
      this.onLine === undefined ? undefined : (line) => this.onLine?.(name, line),
    );
    this.#processes[index] = process;
    void process.crashed.then(({ how, lastLines }) => {
      this.crashes.push(`${name} ended with ${how}: ${lastLines.at(-1) ?? 'it logged nothing'}`);
    });
    const start = process.ready().finally(() => this.#starts.delete(index));
    this.#starts.set(index, start);
    start.catch((cause: unknown) => {
      if (!this.#isStopping) this.crashes.push(cause instanceof Error ? cause.message : String(cause));
    });
  }
}
