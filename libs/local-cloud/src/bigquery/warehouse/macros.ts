/** Longest JSON document, in bytes, that DuckDB's own functions read. */
const MAX_NATIVE_JSON = 8_192;

/** A row for which REPLACE makes at most so many bytes is not counted. */
const MAX_UNCHECKED_BYTES = 100_000;

/** DuckDB macros for functions of GoogleSQL that DuckDB has not, or has with another meaning. */
export const MACROS: readonly string[] = [
  // Scalars only: objects, arrays and JSON null are SQL NULL.
  // DuckDB's own JSON functions need several times the text of all documents of a vector (2,048 rows) at once.
  `CREATE OR REPLACE MACRO bq_json_scalar(doc, path) AS
     CASE WHEN strlen(CAST(doc AS VARCHAR)) > ${MAX_NATIVE_JSON} THEN bq_json_scalar_at(CAST(doc AS VARCHAR), path)
       WHEN json_type(doc, path) IN ('OBJECT', 'ARRAY', 'NULL') THEN NULL ELSE json_extract_string(doc, path) END`,
  `CREATE OR REPLACE MACRO bq_json_extract(doc, path) AS
     CASE WHEN strlen(CAST(doc AS VARCHAR)) > ${MAX_NATIVE_JSON} THEN CAST(bq_json_text_at(CAST(doc AS VARCHAR), path) AS JSON)
       ELSE json_extract(doc, path) END`,
  `CREATE OR REPLACE MACRO bq_json_type(doc) AS
     CASE json_type(doc) WHEN 'VARCHAR' THEN 'string' WHEN 'OBJECT' THEN 'object' WHEN 'ARRAY' THEN 'array'
       WHEN 'BOOLEAN' THEN 'boolean' WHEN 'NULL' THEN 'null' WHEN NULL THEN NULL
       ELSE CASE WHEN json_type(doc) IS NULL THEN NULL ELSE 'number' END END`,
  `CREATE OR REPLACE MACRO bq_floor_div(a, b) AS CASE WHEN a % b < 0 THEN a // b - 1 ELSE a // b END`,
  `CREATE OR REPLACE MACRO bq_floor_mod(a, b) AS ((a % b) + b) % b`,
  `CREATE OR REPLACE MACRO bq_div(a, b) AS
     CASE WHEN b = 0 THEN CASE WHEN a IS NULL THEN NULL ELSE CAST(bq_fail('division by zero: ' || bq_float_text(a) || ' / 0') AS DOUBLE) END
       ELSE bq_finite(a / b, a, b) END`,
  // FLOAT64 arithmetic ends in an error, not in infinity.
  `CREATE OR REPLACE MACRO bq_finite(x, a, b) AS
     CASE WHEN isinf(x) AND NOT isinf(a) AND NOT isinf(b) THEN CAST(bq_fail('Floating point overflow') AS DOUBLE) ELSE x END`,
  `CREATE OR REPLACE MACRO bq_int64(x) AS
     CASE WHEN x > 9223372036854775807 OR x < -9223372036854775808 THEN CAST(bq_fail('int64 overflow') AS BIGINT) ELSE CAST(x AS BIGINT) END`,
  // Dates and times end at 9999.
  `CREATE OR REPLACE MACRO bq_date(x) AS
     CASE WHEN x < TIMESTAMP '0001-01-01' OR x >= TIMESTAMP '10000-01-01'
       THEN CAST(bq_fail('Date value out of range: 0001-01-01 to 9999-12-31') AS DATE) ELSE CAST(x AS DATE) END`,
  `CREATE OR REPLACE MACRO bq_datetime(x) AS
     CASE WHEN x < TIMESTAMP '0001-01-01' OR x >= TIMESTAMP '10000-01-01'
       THEN CAST(bq_fail('Datetime value out of range: 0001-01-01 to 9999-12-31') AS TIMESTAMP) ELSE CAST(x AS TIMESTAMP) END`,
  `CREATE OR REPLACE MACRO bq_timestamp(x) AS
     CASE WHEN x < TIMESTAMPTZ '0001-01-01 00:00:00+00' OR x >= TIMESTAMPTZ '10000-01-01 00:00:00+00'
       THEN CAST(bq_fail('Timestamp value out of range: 0001-01-01 to 9999-12-31') AS TIMESTAMPTZ) ELSE CAST(x AS TIMESTAMPTZ) END`,
  `CREATE OR REPLACE MACRO bq_generate_array(a, b, step) AS
     CASE WHEN step = 0 THEN CAST(bq_fail('Sequence step cannot be 0.') AS BIGINT[])
       WHEN a IS NULL OR b IS NULL OR step IS NULL THEN NULL ELSE generate_series(a, bq_budget_integers(b, a, step), step) END`,
  // The limit is inside the call: the optimizer evaluates calls with constant arguments in any branch.
  `CREATE OR REPLACE MACRO bq_limited(text, bytes) AS
     CASE WHEN bytes > ${MAX_UNCHECKED_BYTES} THEN bq_budget_text(text, bytes) ELSE text END`,
  `CREATE OR REPLACE MACRO bq_replace(text, part, other) AS
     CASE WHEN part = '' THEN text
       ELSE replace(bq_limited(text, strlen(text) // greatest(strlen(part), 1) * strlen(other)), part, other) END`,
  `CREATE OR REPLACE MACRO bq_regexp_replace(text, pattern, other) AS
     regexp_replace(bq_limited(text, (strlen(text) + 1) * strlen(other)), pattern, bq_regexp_rewrite(other), 'g')`,
  `CREATE OR REPLACE MACRO bq_array_slice(list, a, b) AS
     list_slice(list, CASE WHEN a < 0 THEN a ELSE a + 1 END, CASE WHEN b < 0 THEN b ELSE b + 1 END)`,
  `CREATE OR REPLACE MACRO bq_safe_divide(a, b) AS
     CASE WHEN b = 0 OR (isinf(a / b) AND NOT isinf(a) AND NOT isinf(b)) THEN NULL ELSE a / b END`,
  // Positions count from 0; outside the array is an error, or NULL for the SAFE kinds.
  `CREATE OR REPLACE MACRO bq_at(list, i) AS
     list[CASE WHEN i < 0 OR i >= len(list) THEN CAST(bq_fail('Array index ' || i || ' is out of bounds') AS BIGINT) ELSE i + 1 END]`,
  `CREATE OR REPLACE MACRO bq_safe_at(list, i) AS CASE WHEN i < 0 THEN NULL ELSE list[i + 1] END`,
  `CREATE OR REPLACE MACRO bq_in(x, list) AS
     CASE WHEN list IS NULL OR len(list) = 0 THEN FALSE WHEN x IS NULL THEN NULL WHEN list_contains(list, x) THEN TRUE
       WHEN len(list_filter(list, lambda e: e IS NULL)) > 0 THEN NULL ELSE FALSE END`,
  `CREATE OR REPLACE MACRO bq_regexp_extract(value, pattern, place, nth) AS
     CASE WHEN place < 1 THEN bq_fail('Position must be positive in REGEXP_EXTRACT')
       WHEN nth < 1 THEN bq_fail('Occurrence must be positive in REGEXP_EXTRACT')
       ELSE regexp_extract_all(substr(value, place), pattern, CAST(bq_regexp_group(pattern) AS INTEGER))[nth] END`,
  `CREATE OR REPLACE MACRO bq_numeric_text(x) AS rtrim(rtrim(CAST(x AS VARCHAR), '0'), '.')`,
  // BIGNUMERIC: a record around an integer scaled by 10^38.
  `CREATE OR REPLACE MACRO bq_bignumeric_wrap(x) AS CASE WHEN x IS NULL THEN NULL ELSE {'bignumeric': x} END`,
  `CREATE OR REPLACE MACRO bq_bignumeric_of(text) AS
     CASE WHEN text IS NULL THEN NULL ELSE {'bignumeric': CAST(text AS BIGNUM)} END`,
  `CREATE OR REPLACE MACRO bq_scaled(a) AS CAST(struct_extract(a, 'bignumeric') AS VARCHAR)`,
  `CREATE OR REPLACE MACRO bq_bignumeric_neg(a) AS
     CASE WHEN a IS NULL THEN NULL ELSE {'bignumeric': CAST('0' AS BIGNUM) - a.bignumeric} END`,
  `CREATE OR REPLACE MACRO bq_digits(text) AS lpad(ltrim(text, '-'), CAST(greatest(39, length(ltrim(text, '-'))) AS INTEGER), '0')`,
  `CREATE OR REPLACE MACRO bq_decimal_text(text) AS
     (CASE WHEN starts_with(text, '-') THEN '-' ELSE '' END)
       || rtrim(rtrim(bq_digits(text)[:-39] || '.' || bq_digits(text)[-38:], '0'), '.')`,
  `CREATE OR REPLACE MACRO bq_bignumeric_text(a) AS bq_decimal_text(bq_scaled(a))`,
  // A number as a BIGNUMERIC, for columns that change their type.
  `CREATE OR REPLACE MACRO bq_bignumeric(text) AS bq_bignumeric_of(bq_parse_scaled(text))`,
];
