import { formatScaled, parseBignumeric, parseNumeric } from '../rules/decimals.js';
import { define } from './define.js';
import { floatText } from './float-text.js';
import { real } from './numbers.js';

const UNIT = 10n ** 9n;
const BIG_UNIT = 10n ** 38n;
const NUMERIC_MAX = 10n ** 38n - 1n;
const BIG_MAX = 2n ** 255n - 1n;
const INT64_MAX = 2n ** 63n - 1n;

function checkNumeric(value: bigint, what: () => string): bigint {
  if (value > NUMERIC_MAX || value < -NUMERIC_MAX) throw new Error(`numeric overflow: ${what()}`);
  return value;
}

function checkBig(value: bigint, what: () => string): bigint {
  if (value > BIG_MAX || value < -BIG_MAX - 1n) throw new Error(`BIGNUMERIC overflow: ${what()}`);
  return value;
}

/** The quotient rounded half away from zero. */
export function roundedDivide(dividend: bigint, divisor: bigint): bigint {
  const negative = dividend < 0n !== divisor < 0n;
  const [a, b] = [dividend < 0n ? -dividend : dividend, divisor < 0n ? -divisor : divisor];
  const quotient = (2n * a + b) / (2n * b);
  return negative ? -quotient : quotient;
}

function divide(a: bigint, b: bigint, unit: bigint, scale: number): bigint {
  if (b === 0n) throw new Error(`division by zero: ${formatScaled(a, scale)} / 0`);
  return roundedDivide(a * unit, b);
}

/** A scaled integer rounded at a number of digits after the point (before it if negative). */
export function roundScaled(value: bigint, digits: bigint, mode: string, scale: number): bigint {
  if (digits >= BigInt(scale)) return value;
  const power = BigInt(scale) - digits;
  if (power > 2000n) return 0n;
  const unit = 10n ** power;
  const [quotient, rest] = [value / unit, value % unit];
  switch (mode) {
    case 'TRUNC':
      return quotient * unit;
    case 'FLOOR':
      return (rest < 0n ? quotient - 1n : quotient) * unit;
    case 'CEIL':
      return (rest > 0n ? quotient + 1n : quotient) * unit;
    case 'ROUND_HALF_EVEN': {
      const twice = (rest < 0n ? -rest : rest) * 2n;
      const up = twice > unit || (twice === unit && quotient % 2n !== 0n);
      return (up ? quotient + (value < 0n ? -1n : 1n) : quotient) * unit;
    }
    case 'ROUND':
    case 'ROUND_HALF_AWAY_FROM_ZERO':
      return roundedDivide(value, unit) * unit;
    default:
      throw new Error(`Invalid rounding mode: ${mode}`);
  }
}

/** The exact value of a double as an integer scaled by 10^scale, rounded half away from zero. */
export function scaledOfFloat(value: number, scale: number): bigint {
  if (!Number.isFinite(value))
    throw new Error(`Illegal conversion of non-finite floating point number to numeric: ${floatText(value)}`);
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  const bits = view.getBigUint64(0);
  const exponentBits = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & ((1n << 52n) - 1n);
  const mantissa = exponentBits === 0 ? fraction : fraction | (1n << 52n);
  const exponent = Math.max(exponentBits, 1) - 1075;
  const scaled = mantissa * 10n ** BigInt(scale);
  const size = exponent >= 0 ? scaled << BigInt(exponent) : roundedDivide(scaled, 1n << BigInt(-exponent));
  return value < 0 ? -size : size;
}

function numericOfFloat(value: number): bigint {
  return checkNumeric(scaledOfFloat(value, 9), () => floatText(value));
}

function integerOf(value: bigint, scale: bigint): bigint {
  const integer = roundedDivide(value, scale);
  if (integer > INT64_MAX || integer < -INT64_MAX - 1n) throw new Error(`int64 overflow: ${integer}`);
  return integer;
}

// Exact for whole exponents; other results have nine digits after the point that a double gives exactly.
function numericPower(base: bigint, exponent: bigint): bigint {
  if (exponent % UNIT === 0n) {
    const times = exponent / UNIT;
    const size = times < 0n ? -times : times;
    if (size > 4000n) throw new Error('numeric overflow: POW');
    const top = base ** size;
    const scale = UNIT ** size;
    if (times < 0n && base === 0n) throw new Error('division by zero: POW');
    const result = times < 0n ? roundedDivide(scale * UNIT, top) : roundedDivide(top * UNIT, scale);
    return checkNumeric(result, () => 'POW');
  }
  return viaFloat(Number(formatScaled(base, 9)) ** Number(formatScaled(exponent, 9)), 'POW');
}

function viaFloat(result: number, what: string): bigint {
  if (Number.isNaN(result)) throw new Error(`Floating point error in function: ${what}`);
  if (Math.abs(result) >= 1e6)
    throw new Error(`Not supported by this server: ${what} of NUMERIC with a result of 10^6 or more`);
  return scaledOfFloat(result, 9);
}

function squareRoot(value: bigint): bigint {
  if (value < 0n) throw new Error('Argument to SQRT cannot be negative');
  const target = value * UNIT * 4n;
  let root = BigInt(Math.floor(Math.sqrt(Number(target))));
  while (root * root > target) root -= 1n;
  while ((root + 1n) * (root + 1n) <= target) root += 1n;
  return (root + 1n) / 2n;
}

function limitDigits(value: bigint, precision: bigint, scale: bigint, all: number, type: string): bigint {
  const rounded = roundScaled(value, scale, 'ROUND', all);
  const limit = 10n ** (precision - scale + BigInt(all));
  if (rounded >= limit || rounded <= -limit)
    throw new Error(`${type}(${precision}, ${scale}) out of range: ${formatScaled(value, all)}`);
  return rounded;
}

const big = (text: string): bigint => BigInt(text);
const written = (value: bigint): string => formatScaled(value, 38);

export const DECIMAL_FUNCTIONS = [
  define('numeric_multiply', ['DECIMAL', 'DECIMAL'], 'DECIMAL', (a, b) =>
    checkNumeric(roundedDivide(a * b, UNIT), () => `${formatScaled(a, 9)} * ${formatScaled(b, 9)}`),
  ),
  define('numeric_divide', ['DECIMAL', 'DECIMAL'], 'DECIMAL', (a, b) =>
    checkNumeric(divide(a, b, UNIT, 9), () => `${formatScaled(a, 9)} / ${formatScaled(b, 9)}`),
  ),
  define('numeric_div', ['DECIMAL', 'DECIMAL'], 'DECIMAL', (a, b) => {
    if (b === 0n) throw new Error(`division by zero: DIV(${formatScaled(a, 9)}, 0)`);
    return checkNumeric((a / b) * UNIT, () => 'DIV');
  }),
  define('numeric_mod', ['DECIMAL', 'DECIMAL'], 'DECIMAL', (a, b) => {
    if (b === 0n) throw new Error(`division by zero: MOD(${formatScaled(a, 9)}, 0)`);
    return a % b;
  }),
  define('numeric_round', ['DECIMAL', 'BIGINT', 'VARCHAR'], 'DECIMAL', (value, digits, mode) =>
    checkNumeric(roundScaled(value, digits, mode, 9), () => 'ROUND'),
  ),
  define('numeric_pow', ['DECIMAL', 'DECIMAL'], 'DECIMAL', numericPower),
  define('numeric_math', ['VARCHAR', 'DECIMAL'], 'DECIMAL', (name, value) =>
    name === 'SQRT' ? squareRoot(value) : viaFloat(real(name, Number(formatScaled(value, 9))), name),
  ),
  define('numeric_float', ['DECIMAL'], 'DOUBLE', (value) => Number(formatScaled(value, 9))),
  define('numeric_scaled', ['DECIMAL'], 'VARCHAR', (value) => String(value * 10n ** 29n)),
  define('int64_scaled', ['BIGINT'], 'VARCHAR', (value) => String(value * BIG_UNIT)),
  define('float_numeric', ['DOUBLE'], 'DECIMAL', numericOfFloat),
  define('float_scaled', ['DOUBLE'], 'VARCHAR', (value) =>
    String(checkBig(scaledOfFloat(value, 38), () => floatText(value))),
  ),
  define('parse_numeric', ['VARCHAR'], 'DECIMAL', (text) => {
    const value = parseNumeric(text);
    if (value === undefined) throw new Error(`Invalid NUMERIC value: ${text}`);
    return value;
  }),
  define('parse_scaled', ['VARCHAR'], 'VARCHAR', (text) => {
    const value = parseBignumeric(text);
    if (value === undefined) throw new Error(`Invalid BIGNUMERIC value: ${text}`);
    return String(value);
  }),
  define('limit_numeric', ['DECIMAL', 'BIGINT', 'BIGINT'], 'DECIMAL', (value, precision, scale) =>
    limitDigits(value, precision, scale, 9, 'NUMERIC'),
  ),
  define('limit_scaled', ['VARCHAR', 'BIGINT', 'BIGINT'], 'VARCHAR', (text, precision, scale) =>
    String(limitDigits(big(text), precision, scale, 38, 'BIGNUMERIC')),
  ),
  define('scaled_int64', ['VARCHAR'], 'BIGINT', (text) => integerOf(big(text), BIG_UNIT)),
  define('scaled_float', ['VARCHAR'], 'DOUBLE', (text) => Number(written(big(text)))),
  define('scaled_numeric', ['VARCHAR'], 'DECIMAL', (text) =>
    checkNumeric(roundedDivide(big(text), 10n ** 29n), () => written(big(text))),
  ),
  define('scaled_add', ['VARCHAR', 'VARCHAR'], 'VARCHAR', (a, b) =>
    String(checkBig(big(a) + big(b), () => '+')),
  ),
  define('scaled_subtract', ['VARCHAR', 'VARCHAR'], 'VARCHAR', (a, b) =>
    String(checkBig(big(a) - big(b), () => '-')),
  ),
  define('scaled_multiply', ['VARCHAR', 'VARCHAR'], 'VARCHAR', (a, b) =>
    String(
      checkBig(roundedDivide(big(a) * big(b), BIG_UNIT), () => `${written(big(a))} * ${written(big(b))}`),
    ),
  ),
  define('scaled_divide', ['VARCHAR', 'VARCHAR'], 'VARCHAR', (a, b) =>
    String(checkBig(divide(big(a), big(b), BIG_UNIT, 38), () => `${written(big(a))} / ${written(big(b))}`)),
  ),
  define('scaled_div', ['VARCHAR', 'VARCHAR'], 'VARCHAR', (a, b) => {
    if (big(b) === 0n) throw new Error('division by zero: DIV');
    return String(checkBig((big(a) / big(b)) * BIG_UNIT, () => 'DIV'));
  }),
  define('scaled_mod', ['VARCHAR', 'VARCHAR'], 'VARCHAR', (a, b) => {
    if (big(b) === 0n) throw new Error('division by zero: MOD');
    return String(big(a) % big(b));
  }),
  define('scaled_round', ['VARCHAR', 'BIGINT', 'VARCHAR'], 'VARCHAR', (text, digits, mode) =>
    String(checkBig(roundScaled(big(text), digits, mode, 38), () => 'ROUND')),
  ),
  define('scaled_abs', ['VARCHAR'], 'VARCHAR', (text) => text.replace(/^-/, '')),
  define('scaled_sign', ['VARCHAR'], 'VARCHAR', (text) =>
    String((big(text) > 0n ? 1n : big(text) < 0n ? -1n : 0n) * BIG_UNIT),
  ),
];
