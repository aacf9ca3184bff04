/** Calls REST v2 of a local server under `local-project`, or its root. */
export type RestCaller = (
  method: string,
  path: string,
  body?: object,
  options?: { readonly ifMatch?: string; readonly root?: boolean },
) => Promise<{ readonly status: number; readonly body: Record<string, unknown> }>;

/** A {@link RestCaller} for the server at that port. */
export function restCaller(port: number): RestCaller {
  return async (method, path, body, options = {}) => {
    const prefix = options.root === true ? '' : '/bigquery/v2/projects/local-project';
    const response = await fetch(`http://127.0.0.1:${port}${prefix}${path}`, {
      method,
      headers: options.ifMatch === undefined ? {} : { 'if-match': options.ifMatch },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      body: (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>,
    };
  };
}
