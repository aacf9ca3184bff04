import { BYTES_FUNCTIONS } from './bytes.js';
import { CAST_FUNCTIONS } from './casts.js';
import { DATE_FORMAT_FUNCTIONS } from './date-formats.js';
import { DATE_PARSE_FUNCTIONS } from './date-parsing.js';
import { DECIMAL_FUNCTIONS } from './decimal-arithmetic.js';
import type { ScalarFunction } from './define.js';
import { FORMAT_FUNCTIONS } from './format.js';
import { INTERVAL_FUNCTIONS } from './intervals.js';
import { JSON_CHANGE_FUNCTIONS } from './json-changes.js';
import { JSON_FUNCTIONS } from './json-access.js';
import { LIMIT_FUNCTIONS } from './limits.js';
import { NUMBER_FUNCTIONS } from './numbers.js';
import { TEXT_FUNCTIONS } from './texts.js';
import { TEXT_SEARCH_FUNCTIONS } from './text-search.js';
import { TIME_FUNCTIONS } from './times.js';

/** Functions of GoogleSQL in JavaScript, as DuckDB calls them. */
export const FUNCTIONS: readonly ScalarFunction[] = [
  ...BYTES_FUNCTIONS,
  ...CAST_FUNCTIONS,
  ...DATE_FORMAT_FUNCTIONS,
  ...DATE_PARSE_FUNCTIONS,
  ...DECIMAL_FUNCTIONS,
  ...FORMAT_FUNCTIONS,
  ...INTERVAL_FUNCTIONS,
  ...JSON_CHANGE_FUNCTIONS,
  ...JSON_FUNCTIONS,
  ...LIMIT_FUNCTIONS,
  ...NUMBER_FUNCTIONS,
  ...TEXT_FUNCTIONS,
  ...TEXT_SEARCH_FUNCTIONS,
  ...TIME_FUNCTIONS,
];
