const EXACT = new Set(
  `COLLATE EUCLIDEAN_DISTANCE COSINE_DISTANCE GENERATE_RANGE_ARRAY RANGE_CONTAINS RANGE_START RANGE_END RANGE_INTERSECT
   RANGE_OVERLAPS RANGE_SESSIONIZE GAP_FILL DATE_BUCKET DATETIME_BUCKET TIMESTAMP_BUCKET EXTERNAL_QUERY SEARCH
   VECTOR_SEARCH JSON_FLATTEN APPENDS CHANGES BIT_CAST_TO_INT32 BOOL_ARRAY INT64_ARRAY FLOAT64_ARRAY STRING_ARRAY
   LAX_BOOL_ARRAY LAX_INT64_ARRAY LAX_FLOAT64_ARRAY LAX_STRING_ARRAY JSON_CONTAINS`.split(/\s+/),
);
const PREFIXES = [
  'ST_',
  'S2_',
  'NET.',
  'HLL_COUNT.',
  'KLL_QUANTILES.',
  'KEYS.',
  'AEAD.',
  'DETERMINISTIC_',
  'DLP_',
  'ML.',
  'AI.',
];

/** Functions of BigQuery that this server refuses by name; `undefined` for names that BigQuery does not know. */
export function refusedFunction(name: string): string | undefined {
  return EXACT.has(name) || PREFIXES.some((prefix) => name.startsWith(prefix))
    ? `the function ${name}`
    : undefined;
}
