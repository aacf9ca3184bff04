import { restCaller } from './rest-caller.builder.js';

/** A load job as `jobs.get` shows it. */
export interface LoadJob {
  readonly jobReference?: { readonly jobId: string };
  readonly status: {
    readonly state: string;
    readonly errorResult?: { readonly reason: string; readonly message: string };
    readonly errors?: readonly {
      readonly reason: string;
      readonly message: string;
      readonly location?: string;
    }[];
  };
  readonly statistics: { readonly load?: Readonly<Record<string, string>> };
}

/** Loads content into `local-project:d.TABLE` by multipart upload; resolves with the finished job, or the error answer. */
export type LoadCaller = (table: string, content: string | Uint8Array, settings?: object) => Promise<LoadJob>;

const PART = '--part\r\nContent-Type: application/json\r\n\r\n';

/** A {@link LoadCaller} for the server at that port. */
export function loadCaller(port: number): LoadCaller {
  return async (table, content, settings = {}) => {
    const destinationTable = { projectId: 'local-project', datasetId: 'd', tableId: table };
    const load = { destinationTable, sourceFormat: 'NEWLINE_DELIMITED_JSON', ...settings };
    const body = Buffer.concat([
      Buffer.from(`${PART}${JSON.stringify({ configuration: { load } })}\r\n${PART}`),
      Buffer.from(content),
      Buffer.from('\r\n--part--\r\n'),
    ]);
    const url = `http://127.0.0.1:${port}/upload/bigquery/v2/projects/local-project/jobs?uploadType=multipart`;
    const headers = { 'content-type': 'multipart/related; boundary=part' };
    const response = await fetch(url, { method: 'POST', headers, body });
    return finishedJob(port, (await response.json()) as LoadJob);
  };
}

/** The job when it has ended. */
export async function finishedJob(port: number, job: LoadJob): Promise<LoadJob> {
  let present = job;
  while (present.jobReference !== undefined && present.status.state !== 'DONE')
    present = (await restCaller(port)('GET', `/jobs/${present.jobReference.jobId}`))
      .body as unknown as LoadJob;
  return present;
}
