import { Worker } from 'node:worker_threads';

/**
 * Asks a URL every 100 ms from a thread of its own, and measures with the same clock how late its own timers are: a
 * machine that has no time for the prober has none for the service either.
 */
const PROBE = `
const { parentPort, workerData } = require('node:worker_threads');
const { get } = require('node:http');
const probe = () => new Promise((resolve, reject) => {
  get(workerData.url, (response) => response.resume().on('end', resolve).on('error', reject)).on('error', reject);
});
let isOver = false;
parentPort.once('message', () => { isOver = true; });
(async () => {
  const answers = [];
  const own = [];
  while (!isOver) {
    const startedMs = performance.now();
    await probe();
    const answeredMs = performance.now();
    answers.push(answeredMs - startedMs);
    await new Promise((resolve) => setTimeout(resolve, 100));
    own.push(performance.now() - answeredMs - 100);
  }
  parentPort.postMessage({ answers, own });
})();
`;

/** Durations in ms. */
export interface Probes {
  readonly answers: readonly number[];
  /** Delays of the prober's own timers. */
  readonly own: readonly number[];
}

export class Prober {
  readonly #worker: Worker;
  readonly #result: Promise<Probes>;

  constructor(url: string) {
    this.#worker = new Worker(PROBE, { eval: true, workerData: { url } });
    this.#result = new Promise((resolve, reject) => {
      this.#worker.once('message', resolve).once('error', reject);
    });
  }

  async stop(): Promise<Probes> {
    this.#worker.postMessage('stop');
    const result = await this.#result;
    await this.#worker.terminate();
    return result;
  }
}
