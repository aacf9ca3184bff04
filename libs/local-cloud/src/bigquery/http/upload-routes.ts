import type { IncomingMessage } from 'node:http';
import { parseChunkRange } from '../../http/chunk-range.js';
import { MalformedRequest } from '../../http/malformed-request.js';
import { parseBoundary, readMultipartUpload } from '../../http/multipart-related.js';
import type { Jobs } from '../query/job.js';
import { BigqueryError, invalid } from '../rules/api-error.js';
import { jobResource } from './job-resource.js';
import { startJob } from './job-routes.js';
import { parseObject, readJsonBody } from './request-body.js';
import type { ApiReply } from './router.js';
import { type FinishUpload, readWhole, UploadSessions } from './upload-sessions.js';

/** A request to an upload path, its body unread. */
export interface UploadRequest {
  readonly method: string;
  readonly projectId: string;
  readonly query: URLSearchParams;
  readonly message: IncomingMessage;
  readonly origin: string;
}

const UPLOAD_PATH = /^(?:\/resumable)?\/upload\/bigquery\/v2\/projects\/([^/]+)\/jobs\/?$/;

/** The project of an upload path, or `undefined` for any other path. */
export function uploadProject(pathname: string): string | undefined {
  const encoded = UPLOAD_PATH.exec(pathname)?.[1];
  return encoded === undefined ? undefined : decodeURIComponent(encoded);
}

/**
 * `jobs.insert` with content: multipart and resumable uploads.
 *
 * Source: cloud.google.com/bigquery/docs/reference/api-uploads, read 2026-11-29.
 */
export class UploadRoutes {
  readonly #sessions = new UploadSessions();

  constructor(private readonly jobs: Jobs) {}

  async handle(request: UploadRequest): Promise<ApiReply> {
    try {
      return await this.#handle(request);
    } catch (error) {
      if (error instanceof MalformedRequest) throw invalid(error.message);
      throw error;
    } finally {
      request.message.resume();
    }
  }

  #handle(request: UploadRequest): Promise<ApiReply> {
    const id = request.query.get('upload_id');
    if (id !== null) return this.#continue(request, id);
    if (request.method !== 'POST') throw methodNotAllowed('Uploads are started by POST.');
    const type = request.query.get('uploadType') ?? 'none given';
    switch (type) {
      case 'multipart':
        return this.#multipart(request);
      case 'resumable':
        return this.#start(request);
      default:
        throw invalid(`Invalid upload type: ${type}. Use multipart or resumable.`, 'uploadType');
    }
  }

  async #multipart({ message, projectId, origin }: UploadRequest): Promise<ApiReply> {
    const boundary = parseBoundary(message.headers['content-type']);
    const upload = await readMultipartUpload(message, boundary);
    const content = await readWhole(upload.content);
    const job = startJob(this.jobs, projectId, parseObject(upload.resource), content);
    return { body: jobResource(job, origin) };
  }

  async #start({ message, projectId, origin }: UploadRequest): Promise<ApiReply> {
    const { body } = await readJsonBody(message);
    const id = this.#sessions.start(projectId, body);
    const query = new URLSearchParams({ uploadType: 'resumable', upload_id: id });
    const path = `/upload/bigquery/v2/projects/${encodeURIComponent(projectId)}/jobs`;
    return {
      empty: true,
      headers: { location: `${origin}${path}?${query.toString()}`, 'x-guploader-uploadid': id },
    };
  }

  async #continue({ method, message, origin }: UploadRequest, id: string): Promise<ApiReply> {
    if (method === 'DELETE') {
      this.#sessions.cancel(id);
      return { status: 499, empty: true };
    }
    if (method !== 'PUT' && method !== 'POST') throw methodNotAllowed('Uploads are continued by PUT.');
    const finish: FinishUpload = ({ projectId, body, content }) =>
      jobResource(startJob(this.jobs, projectId, body, content), origin);
    const range = parseChunkRange(message.headers['content-range']);
    const progress = await this.#sessions.receive(id, range, message, finish);
    if (progress.kind === 'finished') return { body: progress.resource };
    const kept: Record<string, string> =
      progress.persisted === 0 ? {} : { range: `bytes=0-${progress.persisted - 1}` };
    return { status: 308, empty: true, headers: kept };
  }
}

function methodNotAllowed(message: string): BigqueryError {
  return new BigqueryError({ reason: 'invalid', httpStatus: 405, message });
}
