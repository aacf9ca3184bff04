import { randomUUID } from 'node:crypto';
import type { BigQuery } from '@google-cloud/bigquery';
import { classifyCloudError } from './cloud-error.classifier.js';

/** The dataset to use. `endpoint` is an emulator's URL; without it the real service and real credentials are used. */
export interface BigqueryConnection {
  readonly projectId: string;
  readonly datasetId: string;
  readonly endpoint?: string;
  /** Longest wait for an answer, in milliseconds. */
  readonly timeoutMs?: number;
}

/** A request below the project, for example `POST /datasets/d/tables`. */
export interface BigqueryRequest {
  readonly method: 'DELETE' | 'GET' | 'PATCH' | 'POST';
  readonly path: readonly string[];
  /** Parameters after the `?`, for example a page token. */
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly ifMatch?: string;
  /** The table the request is about, for the error. */
  readonly tableId?: string;
}

/** A job whose data travels in the request that starts it. */
export interface BigqueryUpload {
  /** The Job resource. */
  readonly job: unknown;
  /** At most about 100 MB, because the request is built in memory. */
  readonly data: Uint8Array;
  /** The table the job is about, for the error. */
  readonly tableId?: string;
}

const REAL_ENDPOINT = 'https://bigquery.googleapis.com';
const DEFAULT_TIMEOUT_MS = 20_000;

/**
 * The official client, reduced to authenticated requests and loaded with the first of them.
 *
 * Bodies go out as text that is made here, not as the client's `json` option: the client replaces `{{projectId}}` in
 * every string of that option, which would alter an event that holds these characters. Its own retries are off,
 * because retries are decided where the outcome is known. Addresses are absolute, because with
 * BIGQUERY_EMULATOR_HOST set the client leaves `/bigquery/v2` out of relative ones.
 */
export class BigqueryClient {
  readonly projectId: string;
  readonly datasetId: string;
  readonly #connection: BigqueryConnection;
  readonly #endpoint: string;
  /** The project below the version of the API. */
  readonly #root: string;
  #opened: Promise<BigQuery> | null = null;

  constructor(connection: BigqueryConnection) {
    const { projectId, datasetId, endpoint } = connection;
    this.projectId = projectId;
    this.datasetId = datasetId;
    this.#connection = connection;
    this.#endpoint = (endpoint ?? REAL_ENDPOINT).replace(/\/+$/, '');
    this.#root = `/bigquery/v2/projects/${encodeURIComponent(projectId)}`;
  }

  /** Resolves to the unchecked answer of BigQuery. @throws CloudError, classified */
  async request({ method, path, query = {}, body, ifMatch, tableId }: BigqueryRequest): Promise<unknown> {
    const headers = {
      'Content-Type': 'application/json',
      ...(ifMatch === undefined ? {} : { 'If-Match': ifMatch }),
    };
    return this.#send(
      {
        method,
        uri: [`${this.#endpoint}${this.#root}`, ...path.map(encodeURIComponent)].join('/'),
        // The query is an option, because the client appends parameters of its own to the address.
        qs: { ...query },
        headers,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      },
      tableId,
    );
  }

  /**
   * Starts a job by a multipart upload and resolves to its unchecked resource. @throws CloudError, classified
   * Source: REST reference, jobs.insert, and "upload parameters", read 2026-11-29.
   */
  async upload({ job, data, tableId }: BigqueryUpload): Promise<unknown> {
    const boundary = randomUUID();
    const body = Buffer.concat([
      Buffer.from(
        `--${boundary}\r\nContent-Type: application/json; charset=UTF-8\r\n\r\n${JSON.stringify(job)}\r\n` +
          `--${boundary}\r\nContent-Type: application/octet-stream\r\n\r\n`,
      ),
      data,
      Buffer.from(`\r\n--${boundary}--\r\n`),
    ]);
    return this.#send(
      {
        method: 'POST',
        uri: `${this.#endpoint}/upload${this.#root}/jobs`,
        qs: { uploadType: 'multipart' },
        headers: { 'Content-Type': `multipart/related; boundary=${boundary}` },
        body,
      },
      tableId,
    );
  }

  async #send(options: Parameters<BigQuery['request']>[0], tableId: string | undefined): Promise<unknown> {
    const client = await (this.#opened ??= this.#open());
    return new Promise((resolve, reject) => {
      client.request(options, (error: unknown, answer: unknown) => {
        if (error === null || error === undefined) {
          resolve(answer);
        } else {
          reject(classifyCloudError(error, { tableId: tableId ?? null }));
        }
      });
    });
  }

  async #open(): Promise<BigQuery> {
    const [{ BigQuery }, { PassThroughClient }] = await Promise.all([
      import('@google-cloud/bigquery'),
      import('google-auth-library'),
    ]);
    const { projectId, endpoint, timeoutMs = DEFAULT_TIMEOUT_MS } = this.#connection;
    const client = new BigQuery({
      projectId,
      retryOptions: { autoRetry: false },
      ...(endpoint === undefined ? {} : { apiEndpoint: endpoint, authClient: new PassThroughClient() }),
    });
    client.timeout = timeoutMs;
    return client;
  }
}
