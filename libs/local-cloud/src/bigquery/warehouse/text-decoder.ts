import { createRequire } from 'node:module';
import { TextDecoder } from 'node:util';

/**
 * Makes DuckDB's client give texts that begin with U+FEFF whole: its decoder strips that character by default.
 *
 * The client has no setting for it; this replaces the decoder that all its vectors share.
 */
export function keepByteOrderMarks(): void {
  const accessors = createRequire(import.meta.url)('@duckdb/node-api/lib/vectors/dataAccessors.js') as {
    textDecoder: TextDecoder;
  };
  if (!accessors.textDecoder.ignoreBOM) accessors.textDecoder = new TextDecoder('utf-8', { ignoreBOM: true });
}
