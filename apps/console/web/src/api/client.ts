import type { components, paths } from './schema';

/** A schema of the API by name. */
export type Schema<Name extends keyof components['schemas']> = components['schemas'][Name];

type Gettable = {
  [Path in keyof paths]: paths[Path] extends {
    get: { responses: { 200: { content: { 'application/json': unknown } } } };
  }
    ? Path
    : never;
}[keyof paths];

type Answer<Path extends Gettable> = paths[Path] extends {
  get: { responses: { 200: { content: { 'application/json': infer Body } } } };
}
  ? Body
  : never;

type Parameters<Path extends Gettable> = paths[Path] extends { get: { parameters: infer All } } ? All : never;

type Given<Path extends Gettable> = {
  [
    Kind in 'path' | 'query' as Parameters<Path> extends Record<Kind, infer Values>
      ? [Values] extends [never]
        ? never
        : Kind
      : never
  ]: Parameters<Path>[Kind & keyof Parameters<Path>];
} & { readonly query?: Parameters<Path> extends { query?: infer Values } ? Values : never };

/** The API refused or failed: its own words. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
    this.name = 'ApiError';
  }
}

/**
 * Reads from the API. Paths, parameters and answers are those of its OpenAPI description.
 *
 * @throws ApiError with the status, code and message of the answer
 */
export async function read<Path extends Gettable>(
  path: Path,
  given: Given<Path>,
  signal?: AbortSignal,
): Promise<Answer<Path>> {
  const { path: inPath = {}, query = {} } = given as {
    readonly path?: Readonly<Record<string, string>>;
    readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  };
  const url = path.replace(/\{(\w+)\}/g, (_all, name: string) => encodeURIComponent(inPath[name] ?? ''));
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) search.set(name, String(value));
  }
  const words = search.toString();
  const response = await fetch(
    words === '' ? url : `${url}?${words}`,
    signal === undefined ? {} : { signal },
  );
  const body: unknown = await response.json().catch(() => null);
  if (response.ok) return body as Answer<Path>;
  const { code, message } = failureOf(body);
  throw new ApiError(response.status, code, message);
}

type Postable = {
  [Path in keyof paths]: paths[Path] extends {
    post: {
      requestBody: { content: { 'application/json': unknown } };
      responses: { 200: { content: { 'application/json': unknown } } };
    };
  }
    ? Path
    : never;
}[keyof paths];

type Sent<Path extends Postable> = paths[Path] extends {
  post: { requestBody: { content: { 'application/json': infer Body } } };
}
  ? Body
  : never;

type PostAnswer<Path extends Postable> = paths[Path] extends {
  post: { responses: { 200: { content: { 'application/json': infer Body } } } };
}
  ? Body
  : never;

/** Sends JSON to the API. @throws ApiError */
export async function send<Path extends Postable>(
  path: Path,
  body: Sent<Path> & object,
  signal?: AbortSignal,
): Promise<PostAnswer<Path>> {
  const response = await post(path, body, signal);
  return (await response.json()) as PostAnswer<Path>;
}

/** Sends JSON to the API and yields the lines of JSON that it answers with, as they come. @throws ApiError */
export async function* sendForLines(path: keyof paths, body: object, signal: AbortSignal): AsyncGenerator {
  const response = await post(path, body, signal);
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  if (reader === undefined) return;
  let rest = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const lines = `${rest}${value}`.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) yield JSON.parse(line) as unknown;
  }
}

async function post(path: string, body: object, signal?: AbortSignal): Promise<Response> {
  const response = await fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    ...(signal === undefined ? {} : { signal }),
  });
  if (response.ok) return response;
  const { code, message } = failureOf(await response.json().catch(() => null));
  throw new ApiError(response.status, code, message);
}

function failureOf(body: unknown): { readonly code: string; readonly message: string } {
  const error: unknown = typeof body === 'object' && body !== null && 'error' in body ? body.error : null;
  if (typeof error !== 'object' || error === null) return { code: 'UNREADABLE', message: '' };
  const { code, message } = error as { readonly code?: unknown; readonly message?: unknown };
  return {
    code: typeof code === 'string' ? code : 'UNREADABLE',
    message: typeof message === 'string' ? message : '',
  };
}
