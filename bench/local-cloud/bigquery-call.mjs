/** A call of BigQuery's REST v2 in the project `bench`; throws for a status that is not expected. */
export async function call(port, method, path, body, expected = [200]) {
  const response = await fetch(`http://127.0.0.1:${port}/bigquery/v2/projects/bench/${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!expected.includes(response.status)) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return text === '' ? {} : JSON.parse(text);
}

/** First row of a query, cells as text. */
export async function queryRow(port, query) {
  const reply = await call(port, 'POST', 'queries', { query, useLegacySql: false });
  return reply.rows[0].f.map(({ v }) => v);
}
