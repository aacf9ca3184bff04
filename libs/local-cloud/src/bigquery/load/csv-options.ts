import { invalid } from '../rules/api-error.js';
import { type JsonObject, stringAt } from '../rules/json.js';

/** Settings of a load job of CSV. */
export interface CsvOptions {
  /** One character; `undefined` if a job with `autodetect` leaves it to the file. */
  readonly delimiter: string | undefined;
  /** One character, or empty: nothing is quoted. */
  readonly quote: string;
  /** `undefined` if the job does not say it, which matters to `autodetect` only. */
  readonly skipLeadingRows: number | undefined;
  readonly nullMarkers: readonly string[];
  readonly allowJaggedRows: boolean;
  readonly allowQuotedNewlines: boolean;
  readonly keepControlCharacters: boolean;
  readonly encoding: 'utf8' | 'latin1';
  readonly autodetect: boolean;
}

/**
 * Reads the settings of CSV in `configuration.load`.
 *
 * Errors: 400 `invalid` naming the setting.
 * Source: docs/reference/rest/v2/Job#jobconfigurationload and docs/loading-data-cloud-storage-csv, from memory.
 */
export function parseCsvOptions(load: JsonObject): CsvOptions {
  const autodetect = load['autodetect'] === true;
  return {
    autodetect,
    delimiter: delimiterOf(load, autodetect),
    quote: quoteOf(load),
    skipLeadingRows: skippedRows(load),
    nullMarkers: nullMarkersOf(load),
    allowJaggedRows: load['allowJaggedRows'] === true,
    allowQuotedNewlines: load['allowQuotedNewlines'] === true,
    keepControlCharacters: load['preserveAsciiControlCharacters'] === true,
    encoding: encodingOf(load),
  };
}

function delimiterOf(load: JsonObject, autodetect: boolean): string | undefined {
  const given = stringAt(load, 'fieldDelimiter') ?? '';
  if (given === '') return autodetect ? undefined : ',';
  const delimiter = given === 'tab' || given === '\\t' ? '\t' : given;
  if (Array.from(delimiter).length === 1) return delimiter;
  throw invalid(`Invalid value for fieldDelimiter: ${given} is not one character`, 'fieldDelimiter');
}

function quoteOf(load: JsonObject): string {
  const quote = load['quote'] ?? '"';
  if (typeof quote === 'string' && Array.from(quote).length <= 1) return quote;
  throw invalid(`Invalid value for quote: ${JSON.stringify(quote)} is not one character`, 'quote');
}

function skippedRows(load: JsonObject): number | undefined {
  const given = load['skipLeadingRows'];
  if (given === undefined || given === null) return undefined;
  const rows = Number(given);
  if (Number.isInteger(rows) && rows >= 0) return rows;
  throw invalid(`Invalid value for skipLeadingRows: ${JSON.stringify(given)}`, 'skipLeadingRows');
}

function nullMarkersOf(load: JsonObject): readonly string[] {
  const marker = stringAt(load, 'nullMarker');
  const markers = load['nullMarkers'];
  if (!Array.isArray(markers) || markers.length === 0) return [marker ?? ''];
  if (marker !== undefined) throw invalid('A job has nullMarker or nullMarkers, not both.', 'nullMarkers');
  return markers.map(String);
}

function encodingOf(load: JsonObject): CsvOptions['encoding'] {
  const given = stringAt(load, 'encoding') ?? 'UTF-8';
  if (given.toUpperCase() === 'UTF-8') return 'utf8';
  if (given.toUpperCase() === 'ISO-8859-1') return 'latin1';
  throw invalid(`encoding ${given} is not supported by this server: use UTF-8 or ISO-8859-1.`, 'encoding');
}
