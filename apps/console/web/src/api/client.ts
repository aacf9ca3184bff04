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

function failureOf(body: unknown): { readonly code: string; readonly message: string } {
  const error: unknown = typeof body === 'object' && body !== null && 'error' in body ? body.error : null;
  if (typeof error !== 'object' || error === null) return { code: 'UNREADABLE', message: '' };
  const { code, message } = error as { readonly code?: unknown; readonly message?: unknown };
  return {
    code: typeof code === 'string' ? code : 'UNREADABLE',
    message: typeof message === 'string' ? message : '',
  };
}
