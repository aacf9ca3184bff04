import { StorageError } from '../state/storage.errors.js';

/** Source: docs.cloud.google.com/storage/docs/batch, read 2026-11-22. */
const MAX_CALLS = 100;

/** One call inside a batch; header names are lower case. */
export interface BatchCall {
  readonly contentId: string | undefined;
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface BatchAnswer {
  readonly contentId: string | undefined;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * Read the calls of a batch. Limits: 100 calls. Refuses with `badRequest`.
 *
 * Shape: each part is `application/http` and holds a request line, headers, an empty line and a JSON body.
 */
export function parseBatch(body: string, boundary: string): readonly BatchCall[] {
  const pieces = `\n${body.replaceAll('\r\n', '\n')}`.split(`\n--${boundary}`);
  const calls = pieces
    .slice(1)
    .filter((piece) => !piece.startsWith('--'))
    .map(parseCall);
  if (calls.length === 0) throw new StorageError('badRequest', 'The batch holds no call.');
  if (calls.length > MAX_CALLS) {
    throw new StorageError('badRequest', `The batch holds ${calls.length} calls, more than ${MAX_CALLS}.`);
  }
  return calls;
}

function parseCall(piece: string): BatchCall {
  const outer = splitHead(piece.replace(/^[^\n]*\n/, ''));
  const [requestLine = '', ...innerHead] = outer.rest.replace(/^\n+/, '').split('\n');
  const line = /^([A-Z]+) (\S+)(?: HTTP\/[\d.]+)?$/.exec(requestLine.trim());
  if (line?.[1] === undefined || line[2] === undefined) {
    throw new StorageError('badRequest', `Malformed call in the batch: ${requestLine.slice(0, 100)}`);
  }
  const inner = splitHead(innerHead.join('\n'));
  const contentId = outer.headers['content-id'];
  return { contentId, method: line[1], url: line[2], headers: inner.headers, body: inner.rest.trim() };
}

function splitHead(text: string): {
  readonly headers: Readonly<Record<string, string>>;
  readonly rest: string;
} {
  const empty = /(?:^|\n)\n/.exec(`${text}\n\n`);
  const end = empty?.index ?? text.length;
  const headers: Record<string, string> = {};
  for (const line of text.slice(0, end).split('\n')) {
    const colon = line.indexOf(':');
    if (colon > 0) headers[line.slice(0, colon).trim().toLowerCase()] = line.slice(colon + 1).trim();
  }
  return { headers, rest: text.slice(end + (empty?.[0].length ?? 0)) };
}

/** Write the answers of a batch; each carries `Content-ID: <response-…>` of its call. */
export function renderBatch(answers: readonly BatchAnswer[], boundary: string): string {
  const parts = answers.map((answer) => {
    const id = answer.contentId === undefined ? [] : [`Content-ID: ${toResponseId(answer.contentId)}`];
    const headers = Object.entries(answer.headers).map(([name, value]) => `${name}: ${value}`);
    const length = Buffer.byteLength(answer.body);
    const lines = [
      `--${boundary}`,
      'Content-Type: application/http',
      ...id,
      '',
      `HTTP/1.1 ${answer.status} ${answer.status < 300 ? 'OK' : 'Error'}`,
      ...headers,
      `Content-Length: ${length}`,
      '',
      answer.body,
    ];
    return lines.join('\r\n');
  });
  return `${parts.join('\r\n')}\r\n--${boundary}--\r\n`;
}

function toResponseId(contentId: string): string {
  return contentId.startsWith('<') ? `<response-${contentId.slice(1)}` : `response-${contentId}`;
}
