import { RequestFailure } from '@pipeline/platform';
import type { AddFaultBody, LocalCloudView } from './local-cloud.dto.js';

/** Hosts of this machine: switches of another one are not touched. */
const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);
const TIMEOUT_MS = 5_000;

/** The faults that the page offers, as the admin calls of the local cloud write them. */
const FAULTS: Readonly<Record<AddFaultBody['kind'], object>> = {
  refused: {
    method: 'AppendRows',
    rate: 0.25,
    error: { code: 503, reason: 'backendError', message: 'A fault of the console: refused.' },
  },
  slow: { method: 'AppendRows', latencyMs: 2_000 },
  broken: { method: 'AppendRows', rate: 0.1, reset: true },
  quota: { method: 'tables.patch', quota: true },
};

interface Switches {
  readonly metadataLagMs: number;
  readonly metadataRateLimit: boolean;
  readonly faults: readonly {
    readonly id: string;
    readonly method: string;
    readonly rate: number;
    readonly hits: number;
    readonly effect: { readonly kind: string };
  }[];
}

/** The switches of the local cloud, by the admin calls of its BigQuery. Without a local cloud on this machine there are none. */
export class LocalCloud {
  readonly #origin: string | null;

  constructor(
    bigqueryEmulatorHost: string | undefined,
    private readonly addresses: Readonly<Record<string, string>>,
  ) {
    const url = bigqueryEmulatorHost === undefined ? null : new URL(bigqueryEmulatorHost);
    this.#origin = url !== null && LOOPBACK.has(url.hostname) ? url.origin : null;
  }

  async read(): Promise<LocalCloudView> {
    return this.#toView(await this.#call('GET', ''));
  }

  async setLag(milliseconds: number): Promise<LocalCloudView> {
    return this.#toView(await this.#call('PUT', '/metadata-lag', { milliseconds }));
  }

  async setRateLimit(enabled: boolean): Promise<LocalCloudView> {
    return this.#toView(await this.#call('PUT', '/metadata-rate-limit', { enabled }));
  }

  async addFault(kind: AddFaultBody['kind']): Promise<LocalCloudView> {
    await this.#call('POST', '/faults', FAULTS[kind]);
    return this.read();
  }

  async endFaults(): Promise<LocalCloudView> {
    await this.#call('DELETE', '/faults');
    return this.read();
  }

  #toView(switches: Switches): LocalCloudView {
    return {
      addresses: Object.entries(this.addresses).map(([name, url]) => ({ name, url })),
      metadataLagMs: switches.metadataLagMs,
      metadataRateLimit: switches.metadataRateLimit,
      faults: switches.faults.map(({ id, method, rate, hits, effect }) => ({
        id,
        method,
        rate,
        hits,
        effect: effect.kind,
      })),
    };
  }

  async #call(method: string, path: string, body?: object): Promise<Switches> {
    if (this.#origin === null) {
      throw new RequestFailure({
        status: 404,
        code: 'NOT_LOCAL',
        message: 'This console shows no local cloud on this machine: faults exist only there',
      });
    }
    try {
      const response = await fetch(`${this.#origin}/admin${path}`, {
        method,
        headers: { 'content-type': 'application/json' },
        signal: AbortSignal.timeout(TIMEOUT_MS),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      if (!response.ok) throw new Error(`${response.status} ${text.slice(0, 200)}`);
      return (text === '' ? {} : JSON.parse(text)) as Switches;
    } catch (cause) {
      throw new RequestFailure({
        status: 503,
        code: 'UNAVAILABLE',
        message: 'The local cloud did not answer its admin call',
        cause,
      });
    }
  }
}
