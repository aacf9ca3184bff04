import { signatures } from './signatures.js';

const UNARY = [
  'SIN',
  'COS',
  'TAN',
  'ASIN',
  'ACOS',
  'ATAN',
  'SINH',
  'COSH',
  'TANH',
  'ASINH',
  'ACOSH',
  'ATANH',
  'COT',
  'COTH',
  'CSC',
  'CSCH',
  'SEC',
  'SECH',
  'CBRT',
  'LOG10',
  'EXP',
  'LN',
  'SQRT',
];
const big = (name: string, ...rest: string[]): string =>
  `bq_bignumeric_of(bq_scaled_${name}(${['bq_scaled($1)', ...rest].join(', ')}))`;

/** Functions on numbers. Source: docs/reference/standard-sql/mathematical_functions, read 2026-11-29. */
export const NUMBER_SIGNATURES = signatures(`
ABS(INT64): INT64 = abs($1)
ABS(FLOAT64): FLOAT64 = abs($1)
ABS(NUMERIC): NUMERIC = abs($1)
ABS(BIGNUMERIC): BIGNUMERIC = ${big('abs')}
SIGN(INT64): INT64 = CAST(sign($1) AS BIGINT)
SIGN(FLOAT64): FLOAT64 = bq_math('SIGN', $1)
SIGN(NUMERIC): NUMERIC = CAST(sign($1) AS DECIMAL(38,9))
SIGN(BIGNUMERIC): BIGNUMERIC = ${big('sign')}
IS_INF(FLOAT64): BOOL = isinf($1)
IS_NAN(FLOAT64): BOOL = isnan($1)
IEEE_DIVIDE(FLOAT64, FLOAT64): FLOAT64 = bq_ieee_divide($1, $2)
RAND(): FLOAT64 = random()
${UNARY.map((name) => `${name}(FLOAT64): FLOAT64 = bq_math('${name}', $1)`).join('\n')}
${['EXP', 'LN', 'LOG10', 'SQRT', 'CBRT'].map((name) => `${name}(NUMERIC): NUMERIC = bq_numeric_math('${name}', $1)`).join('\n')}
ATAN2(FLOAT64, FLOAT64): FLOAT64 = bq_atan2($1, $2)
LOG(FLOAT64): FLOAT64 = bq_math('LN', $1)
LOG(FLOAT64, FLOAT64): FLOAT64 = bq_log($1, $2)
LOG(NUMERIC): NUMERIC = bq_numeric_math('LN', $1)
POW(FLOAT64, FLOAT64): FLOAT64 = bq_pow($1, $2)
POW(NUMERIC, NUMERIC): NUMERIC = bq_numeric_pow($1, $2)
POWER(FLOAT64, FLOAT64): FLOAT64 = bq_pow($1, $2)
POWER(NUMERIC, NUMERIC): NUMERIC = bq_numeric_pow($1, $2)
CEIL(FLOAT64): FLOAT64 = ceil($1)
CEIL(NUMERIC): NUMERIC = CAST(ceil($1) AS DECIMAL(38,9))
CEIL(BIGNUMERIC): BIGNUMERIC = ${big('round', '0::BIGINT', "'CEIL'")}
CEILING(FLOAT64): FLOAT64 = ceil($1)
CEILING(NUMERIC): NUMERIC = CAST(ceil($1) AS DECIMAL(38,9))
CEILING(BIGNUMERIC): BIGNUMERIC = ${big('round', '0::BIGINT', "'CEIL'")}
FLOOR(FLOAT64): FLOAT64 = floor($1)
FLOOR(NUMERIC): NUMERIC = CAST(floor($1) AS DECIMAL(38,9))
FLOOR(BIGNUMERIC): BIGNUMERIC = ${big('round', '0::BIGINT', "'FLOOR'")}
ROUND(FLOAT64): FLOAT64 = bq_float_round($1, 0::BIGINT, 'ROUND')
ROUND(FLOAT64, INT64): FLOAT64 = bq_float_round($1, $2, 'ROUND')
ROUND(NUMERIC): NUMERIC = bq_numeric_round($1, 0::BIGINT, 'ROUND')
ROUND(NUMERIC, INT64): NUMERIC = bq_numeric_round($1, $2, 'ROUND')
ROUND(NUMERIC, INT64, STRING): NUMERIC = bq_numeric_round($1, $2, $3)
ROUND(BIGNUMERIC): BIGNUMERIC = ${big('round', '0::BIGINT', "'ROUND'")}
ROUND(BIGNUMERIC, INT64): BIGNUMERIC = ${big('round', '$2', "'ROUND'")}
ROUND(BIGNUMERIC, INT64, STRING): BIGNUMERIC = ${big('round', '$2', '$3')}
TRUNC(FLOAT64): FLOAT64 = bq_float_round($1, 0::BIGINT, 'TRUNC')
TRUNC(FLOAT64, INT64): FLOAT64 = bq_float_round($1, $2, 'TRUNC')
TRUNC(NUMERIC): NUMERIC = bq_numeric_round($1, 0::BIGINT, 'TRUNC')
TRUNC(NUMERIC, INT64): NUMERIC = bq_numeric_round($1, $2, 'TRUNC')
TRUNC(BIGNUMERIC): BIGNUMERIC = ${big('round', '0::BIGINT', "'TRUNC'")}
TRUNC(BIGNUMERIC, INT64): BIGNUMERIC = ${big('round', '$2', "'TRUNC'")}
DIV(INT64, INT64): INT64 = bq_int_div($1, $2)
DIV(NUMERIC, NUMERIC): NUMERIC = bq_numeric_div($1, $2)
DIV(BIGNUMERIC, BIGNUMERIC): BIGNUMERIC = ${big('div', 'bq_scaled($2)')}
MOD(INT64, INT64): INT64 = bq_int_mod($1, $2)
MOD(NUMERIC, NUMERIC): NUMERIC = bq_numeric_mod($1, $2)
MOD(BIGNUMERIC, BIGNUMERIC): BIGNUMERIC = ${big('mod', 'bq_scaled($2)')}
BIT_COUNT(INT64): INT64 = CAST(bit_count($1) AS BIGINT)
BIT_COUNT(BYTES): INT64 = bq_bit_count_bytes($1)
RANGE_BUCKET(INT64, [INT64]): INT64 = len(list_filter($2, lambda x: x <= $1))
RANGE_BUCKET(FLOAT64, [FLOAT64]): INT64 = len(list_filter($2, lambda x: x <= $1))
RANGE_BUCKET(NUMERIC, [NUMERIC]): INT64 = len(list_filter($2, lambda x: x <= $1))
RANGE_BUCKET(STRING, [STRING]): INT64 = len(list_filter($2, lambda x: x <= $1))
RANGE_BUCKET(DATE, [DATE]): INT64 = len(list_filter($2, lambda x: x <= $1))
RANGE_BUCKET(TIMESTAMP, [TIMESTAMP]): INT64 = len(list_filter($2, lambda x: x <= $1))
GENERATE_UUID(): STRING = CAST(uuid() AS VARCHAR)
SESSION_USER(): STRING = 'local@localhost'
UNIX_SECONDS(TIMESTAMP): INT64 = bq_floor_div(epoch_us($1), 1000000)
UNIX_MILLIS(TIMESTAMP): INT64 = bq_floor_div(epoch_us($1), 1000)
UNIX_MICROS(TIMESTAMP): INT64 = epoch_us($1)
UNIX_DATE(DATE): INT64 = date_diff('day', DATE '1970-01-01', $1)
DATE_FROM_UNIX_DATE(INT64): DATE = bq_date(DATE '1970-01-01' + to_days(CAST($1 AS INTEGER)))
TIMESTAMP_SECONDS(INT64): TIMESTAMP = bq_timestamp(make_timestamptz($1 * 1000000))
TIMESTAMP_MILLIS(INT64): TIMESTAMP = bq_timestamp(make_timestamptz($1 * 1000))
TIMESTAMP_MICROS(INT64): TIMESTAMP = bq_timestamp(make_timestamptz($1))
TIMESTAMP_FROM_UNIX_SECONDS(INT64): TIMESTAMP = bq_timestamp(make_timestamptz($1 * 1000000))
TIMESTAMP_FROM_UNIX_MILLIS(INT64): TIMESTAMP = bq_timestamp(make_timestamptz($1 * 1000))
TIMESTAMP_FROM_UNIX_MICROS(INT64): TIMESTAMP = bq_timestamp(make_timestamptz($1))
MAKE_INTERVAL(): INTERVAL = to_days(0)
JUSTIFY_DAYS(INTERVAL): INTERVAL = bq_justify($1, 'DAYS')
JUSTIFY_HOURS(INTERVAL): INTERVAL = bq_justify($1, 'HOURS')
JUSTIFY_INTERVAL(INTERVAL): INTERVAL = bq_justify($1, 'BOTH')
`);
