import { messageOf } from '../rules/api-error.js';
import { parseJson } from '../rules/json.js';
import { type CoerceRow } from '../rules/row-coercion.js';
import { jsonLines } from './json-lines.js';
import type { RecordResult } from './record-result.js';

/**
 * Rows of newline-delimited JSON.
 *
 * A value of a JSON column is taken as it is, so that a string is a JSON string. Integers are exact at any size, while
 * the service may round a JSON number outside ±2^53.
 * Source: cloud.google.com/bigquery/docs/loading-data-cloud-storage-json, read 2026-11-29.
 */
export async function* readJson(
  content: AsyncIterable<Uint8Array>,
  coerce: CoerceRow,
  options: { readonly ignoreUnknown: boolean },
): AsyncGenerator<RecordResult> {
  for await (const { text, position } of jsonLines(content)) {
    const row = parsed(text);
    const what = `JSON parsing error in row starting at position ${position}:`;
    if (row.kind === 'failed') yield { kind: 'bad', message: `${what} ${row.message}` };
    else {
      const result = coerce(row.value, options);
      if (result.kind === 'row') yield result;
      else yield { kind: 'bad', message: `${what} ${result.errors.map(({ message }) => message).join(' ')}` };
    }
  }
}

function parsed(
  text: string,
):
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'failed'; readonly message: string } {
  try {
    return { kind: 'value', value: parseJson(text) };
  } catch (error) {
    return { kind: 'failed', message: `Parser terminated: ${messageOf(error)}` };
  }
}
