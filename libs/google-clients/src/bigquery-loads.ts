import { randomUUID } from 'node:crypto';
import type { BigqueryClient } from './bigquery-client.adapter.js';
import { classifyCloudError } from './cloud-error.classifier.js';
import { CloudError } from './cloud.errors.js';
import { sleep } from './retry-policy.js';

/** A file to load into a table that exists. */
export interface LoadRequest {
  readonly tableId: string;
  /** One Avro object container file with logical types. */
  readonly avro: Uint8Array;
  /** Longest wait for the job, in milliseconds. */
  readonly timeoutMs?: number;
}

/** The part of a Job resource that is read. Source: REST reference, Job, read 2026-11-29. */
interface Job {
  readonly jobReference?: { readonly jobId?: string; readonly location?: string };
  readonly status?: {
    readonly state?: string;
    readonly errorResult?: { readonly reason?: string; readonly message?: string };
  };
}

const DEFAULT_TIMEOUT_MS = 300_000;
const FIRST_POLL_MS = 50;
const LAST_POLL_MS = 2_000;

/** HTTP statuses of the reasons that a job reports without one. Source: BigQuery error messages, read 2026-11-22. */
const STATUSES: Readonly<Record<string, number>> = { accessDenied: 403, notFound: 404 };

/** Load jobs of one dataset. A job is atomic, costs nothing, and sees a new table at once. */
export class BigqueryLoads {
  constructor(private readonly client: BigqueryClient) {}

  /** Appends the rows of the file and waits until they are readable. @throws CloudError */
  async append({ tableId, avro, timeoutMs = DEFAULT_TIMEOUT_MS }: LoadRequest): Promise<void> {
    const { projectId, datasetId } = this.client;
    const started = await this.client.upload({
      tableId,
      data: avro,
      job: {
        jobReference: { projectId, jobId: `load_${randomUUID().replaceAll('-', '')}` },
        configuration: {
          load: {
            destinationTable: { projectId, datasetId, tableId },
            sourceFormat: 'AVRO',
            useAvroLogicalTypes: true,
            decimalTargetTypes: ['NUMERIC', 'BIGNUMERIC'],
            createDisposition: 'CREATE_NEVER',
            writeDisposition: 'WRITE_APPEND',
          },
        },
      },
    });
    await this.#finished(started as Job, tableId, Date.now() + timeoutMs);
  }

  async #finished(started: Job, tableId: string, endsAtMs: number): Promise<void> {
    let job = started;
    for (
      let delayMs = FIRST_POLL_MS;
      job.status?.state !== 'DONE';
      delayMs = Math.min(delayMs * 2, LAST_POLL_MS)
    ) {
      if (Date.now() >= endsAtMs) {
        throw new CloudError({ code: 'UNAVAILABLE', message: 'The load job did not end in time', tableId });
      }
      await sleep(delayMs, NEVER);
      job = await this.#read(started, tableId);
    }
    const { errorResult } = job.status;
    if (errorResult === undefined) return;
    const code = STATUSES[errorResult.reason ?? ''] ?? 400;
    throw classifyCloudError({ code, errors: [errorResult] }, { tableId });
  }

  async #read({ jobReference }: Job, tableId: string): Promise<Job> {
    const { jobId, location } = jobReference ?? {};
    if (jobId === undefined)
      throw new CloudError({ code: 'UNAVAILABLE', message: 'BigQuery answered without a job', tableId });
    const answer = await this.client.request({
      method: 'GET',
      path: ['jobs', jobId],
      query: location === undefined ? {} : { location },
      tableId,
    });
    return answer as Job;
  }
}

const NEVER = new AbortController().signal;
