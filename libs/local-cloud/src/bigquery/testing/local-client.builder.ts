import { BigQuery } from '@google-cloud/bigquery';

type Options = NonNullable<ConstructorParameters<typeof BigQuery>[0]>;

/** Google's client pointed at a local server; it looks up no credentials. */
export function localClient(port: number, projectId = 'local-project'): BigQuery {
  const authClient = { getRequestHeaders: () => Promise.resolve(new Headers()) };
  return new BigQuery({
    projectId,
    apiEndpoint: `http://127.0.0.1:${port}`,
    authClient: authClient as unknown as NonNullable<Options['authClient']>,
  });
}
