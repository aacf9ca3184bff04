/** DuckDB macros for functions of GoogleSQL that DuckDB has not, or has with another meaning. */
export const MACROS: readonly string[] = [
  // Scalars only: objects, arrays and JSON null are SQL NULL.
  `CREATE OR REPLACE MACRO bq_json_value(doc, path) AS
     CASE WHEN json_type(doc, path) IN ('OBJECT', 'ARRAY', 'NULL') THEN NULL ELSE json_extract_string(doc, path) END`,
  `CREATE OR REPLACE MACRO bq_json_type(doc) AS
     CASE json_type(doc) WHEN 'VARCHAR' THEN 'string' WHEN 'OBJECT' THEN 'object' WHEN 'ARRAY' THEN 'array'
       WHEN 'BOOLEAN' THEN 'boolean' WHEN 'NULL' THEN 'null' WHEN NULL THEN NULL
       ELSE CASE WHEN json_type(doc) IS NULL THEN NULL ELSE 'number' END END`,
  `CREATE OR REPLACE MACRO bq_safe_utf8(bytes) AS coalesce(TRY(decode(bytes)), decode(bytes, 'replace'))`,
  `CREATE OR REPLACE MACRO bq_floor_div(a, b) AS CASE WHEN a % b < 0 THEN a // b - 1 ELSE a // b END`,
  `CREATE OR REPLACE MACRO bq_micros_between(later, earlier, unit) AS (epoch_us(later) - epoch_us(earlier)) // CAST(unit AS BIGINT)`,
  `CREATE OR REPLACE MACRO bq_div(a, b) AS CASE WHEN b = 0 THEN error('division by zero') ELSE a / b END`,
  `CREATE OR REPLACE MACRO bq_bignumeric_add(a, b) AS
     CASE WHEN a IS NULL OR b IS NULL THEN NULL ELSE {'bignumeric': a.bignumeric + b.bignumeric} END`,
  `CREATE OR REPLACE MACRO bq_bignumeric_neg(a) AS
     CASE WHEN a IS NULL THEN NULL ELSE {'bignumeric': CAST('0' AS BIGNUM) - a.bignumeric} END`,
  `CREATE OR REPLACE MACRO bq_bignumeric_sum(a) AS
     CASE WHEN count(a) = 0 THEN NULL ELSE {'bignumeric': sum(a.bignumeric)} END`,
  `CREATE OR REPLACE MACRO bq_digits(text) AS lpad(ltrim(text, '-'), CAST(greatest(39, length(ltrim(text, '-'))) AS INTEGER), '0')`,
  `CREATE OR REPLACE MACRO bq_decimal_text(text) AS
     (CASE WHEN starts_with(text, '-') THEN '-' ELSE '' END)
       || rtrim(rtrim(bq_digits(text)[:-39] || '.' || bq_digits(text)[-38:], '0'), '.')`,
  `CREATE OR REPLACE MACRO bq_bignumeric_text(a) AS bq_decimal_text(CAST(a.bignumeric AS VARCHAR))`,
  // Positions count from 0; outside the array is an error, or NULL for the SAFE kinds.
  `CREATE OR REPLACE MACRO bq_at(list, i) AS
     CASE WHEN i < 0 OR i >= array_length(list) THEN error('Array index ' || i || ' is out of bounds') ELSE list[i + 1] END`,
  `CREATE OR REPLACE MACRO bq_safe_at(list, i) AS CASE WHEN i < 0 THEN NULL ELSE list[i + 1] END`,
  `CREATE OR REPLACE MACRO bq_regexp_extract(value, pattern, grp) AS
     CASE WHEN regexp_matches(value, pattern) THEN regexp_extract(value, pattern, grp) END`,
  // A literal of plain digits as an integer scaled by 10^38: whole part, then the fraction filled up with zeros.
  `CREATE OR REPLACE MACRO bq_scaled_text(text) AS
     (CASE WHEN starts_with(text, '-') THEN '-' ELSE '' END)
       || regexp_replace(split_part(text, '.', 1), '^[+-]', '') || rpad(split_part(text, '.', 2), 38, '0')`,
  `CREATE OR REPLACE MACRO bq_bignumeric(text) AS
     CASE WHEN text IS NULL THEN NULL
       WHEN regexp_full_match(text, '[+-]?[0-9]+(\\.[0-9]{0,38})?')
         THEN {'bignumeric': CAST(bq_scaled_text(text) AS BIGNUM)}
       ELSE error('Invalid BIGNUMERIC value: ' || text) END`,
  `CREATE OR REPLACE MACRO bq_safe_bignumeric(text) AS
     CASE WHEN regexp_full_match(text, '[+-]?[0-9]+(\\.[0-9]{0,38})?')
       THEN {'bignumeric': CAST(bq_scaled_text(text) AS BIGNUM)} END`,
];
