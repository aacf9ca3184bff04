import { join } from 'node:path';
import { printable } from '../command/printable.js';
import { ServiceProcess, type ServiceDefinition, type ServiceEnd } from './service-process.js';

/** The processes of a run, started together and stopped in the reverse order. */
export class RunningServices {
  /** Resolves when a service ends by itself. */
  readonly crash: Promise<ServiceEnd>;
  private readonly running: ServiceProcess[] = [];
  private reportCrash: (end: ServiceEnd) => void = () => undefined;
  private stopped: Promise<void> | undefined;

  constructor(
    private readonly verbose: boolean,
    readonly logDirectory: string,
  ) {
    this.crash = new Promise((resolve) => {
      this.reportCrash = resolve;
    });
  }

  /** Starts services and wait until they are ready. Errors: throws once `stop()` was called: nothing starts after it. */
  async start(definitions: readonly ServiceDefinition[]): Promise<void> {
    if (this.stopped !== undefined) throw new Error('Stopping: nothing is started any more.');
    const started = definitions.map((definition) => {
      const print = (line: string): void => {
        console.log(`${definition.name}: ${printable(line)}`);
      };
      const service = new ServiceProcess(
        definition,
        join(this.logDirectory, `${definition.name}.log`),
        this.verbose ? print : undefined,
      );
      void service.crashed.then(this.reportCrash);
      this.running.push(service);
      return service;
    });
    await Promise.all(started.map((service) => service.ready()));
  }

  /** Producers first, the cloud last, so that nothing logs errors about what is already gone. */
  stop(): Promise<void> {
    this.stopped ??= this.stopInOrder();
    return this.stopped;
  }

  private async stopInOrder(): Promise<void> {
    const [cloud, ...services] = this.running;
    await Promise.all(services.map((service) => service.stop()));
    await cloud?.stop();
  }
}
