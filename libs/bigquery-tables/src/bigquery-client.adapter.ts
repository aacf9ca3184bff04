import { BigQuery } from '@google-cloud/bigquery';
import { PassThroughClient } from 'google-auth-library';
import { classifyBigqueryError } from './bigquery-error.classifier.js';
import { TableError } from './table.errors.js';

/** Where the dataset is. `endpoint` is an emulator's URL; without it the real service and real credentials are used. */
export interface BigqueryConnection {
  readonly projectId: string;
  readonly datasetId: string;
  readonly endpoint?: string;
  /** Longest wait for an answer, in milliseconds. */
  readonly timeoutMs?: number;
}

/** A request below the project, for example `POST /datasets/d/tables`. */
export interface BigqueryRequest {
  readonly method: 'GET' | 'POST' | 'PATCH';
  readonly path: readonly string[];
  /** What stands after the `?`, for example a page token. */
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly ifMatch?: string;
  /** The table the request is about, for the error. */
  readonly tableId?: string;
}

const REAL_ENDPOINT = 'https://bigquery.googleapis.com';
const DEFAULT_TIMEOUT_MS = 20_000;

/**
 * The official client, reduced to authenticated requests. The only file that names it.
 *
 * Bodies go out as text that is made here, not as the client's `json` option: the client replaces `{{projectId}}` in
 * every string of that option, which would alter an event that holds these characters. Its own retries are off,
 * because retries are decided where the outcome is known. Addresses are absolute, because with
 * BIGQUERY_EMULATOR_HOST set the client leaves `/bigquery/v2` out of relative ones.
 */
export class BigqueryClient {
  readonly projectId: string;
  readonly datasetId: string;
  readonly #client: BigQuery;
  readonly #root: string;

  constructor(connection: BigqueryConnection) {
    const { projectId, datasetId, endpoint, timeoutMs = DEFAULT_TIMEOUT_MS } = connection;
    this.projectId = projectId;
    this.datasetId = datasetId;
    this.#root = `${(endpoint ?? REAL_ENDPOINT).replace(/\/+$/, '')}/bigquery/v2/projects/${encodeURIComponent(projectId)}`;
    this.#client = new BigQuery({
      projectId,
      retryOptions: { autoRetry: false },
      ...(endpoint === undefined ? {} : { apiEndpoint: endpoint, authClient: new PassThroughClient() }),
    });
    this.#client.timeout = timeoutMs;
  }

  /** @throws TableError, classified. The answer is what BigQuery sent, unchecked. */
  request({ method, path, query = {}, body, ifMatch, tableId }: BigqueryRequest): Promise<unknown> {
    const uri = [this.#root, ...path.map(encodeURIComponent)].join('/');
    const headers = {
      'Content-Type': 'application/json',
      ...(ifMatch === undefined ? {} : { 'If-Match': ifMatch }),
    };
    return new Promise((resolve, reject) => {
      this.#client.request(
        // As an option, because the client adds parameters of its own behind whatever the address ends in.
        {
          method,
          uri,
          qs: { ...query },
          headers,
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        },
        (error: unknown, answer: unknown) => {
          if (error === null || error === undefined) {
            resolve(answer);
          } else {
            reject(classifyBigqueryError(error, tableId ?? null));
          }
        },
      );
    });
  }

  /** Runs a statement that gives no rows. @throws TableError, `UNAVAILABLE` where it did not end in time */
  async execute(query: string, tableId: string): Promise<void> {
    const answer = await this.request({
      method: 'POST',
      path: ['queries'],
      body: { query, useLegacySql: false, timeoutMs: DEFAULT_TIMEOUT_MS },
      tableId,
    });
    if (
      typeof answer !== 'object' ||
      answer === null ||
      !('jobComplete' in answer) ||
      answer.jobComplete !== true
    ) {
      throw new TableError({ code: 'UNAVAILABLE', message: 'The statement did not end in time', tableId });
    }
  }
}
