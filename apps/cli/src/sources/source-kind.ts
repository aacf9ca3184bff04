import { UsageError } from '../command/exit-codes.js';

/** Source: Apache Avro specification, object container files, read 2026-11-29. */
const AVRO_MAGIC = Buffer.from('Obj\u0001', 'latin1');
/** Source: Apache Parquet file format, read 2026-11-29. */
const PARQUET_MAGIC = Buffer.from('PAR1', 'latin1');
/** Source: PKWARE .ZIP File Format Specification, local file header. */
const ZIP_MAGIC = Buffer.from('PK\u0003\u0004', 'latin1');
/** True for the beginning of an Avro object container file. */
export function isAvro(head: Buffer): boolean {
  return head.subarray(0, AVRO_MAGIC.length).equals(AVRO_MAGIC);
}

/** A line of names, with commas, semicolons or tabs between them. */
const NAMES_LINE = /^\s*"?[\p{L}_][\p{L}\p{N}_ .-]*"?\s*[,;\t]/u;

/**
 * Refuses a file that has no events, by its first bytes: nothing of it must be published. A line that is broken JSON is an
 * event of its producer and becomes a dead letter; a file in another format is a mistake of the one who names it.
 *
 * @throws UsageError with the format and the remedy
 */
export function refuseOtherFormats(source: string, head: Buffer): void {
  const startsWith = (magic: Buffer): boolean => head.subarray(0, magic.length).equals(magic);
  if (startsWith(PARQUET_MAGIC)) throw new UsageError(`${source} is a Parquet file: convert it to NDJSON.`);
  if (startsWith(ZIP_MAGIC)) throw new UsageError(`${source} is a ZIP archive: unpack it, or use gzip.`);
  const [firstLine = ''] = head.toString('utf8').trimStart().split('\n', 1);
  if (NAMES_LINE.test(firstLine))
    throw new UsageError(
      `${source} looks like CSV: read it as CSV with --format csv, or give it a name that ends in .csv or .tsv.`,
    );
  if (/^\s*\{[\t\r ]*\n/.test(head.toString('utf8')))
    throw new UsageError(
      `${source} has a JSON object over several lines: write one object a line (jq -c . ${source}), or one array.`,
    );
}
