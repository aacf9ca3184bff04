import { createHash } from 'node:crypto';
import { define } from './define.js';
import { fingerprint64 } from './farm-fingerprint.js';
import { floatText } from './float-text.js';
import { checkElements, countElements } from './limits.js';

type Real = (x: number) => number;

const MATH: Readonly<Record<string, Real>> = {
  SIN: (x) => Math.sin(x),
  COS: (x) => Math.cos(x),
  TAN: (x) => Math.tan(x),
  ASIN: (x) => Math.asin(x),
  ACOS: (x) => Math.acos(x),
  ATAN: (x) => Math.atan(x),
  SINH: (x) => Math.sinh(x),
  COSH: (x) => Math.cosh(x),
  TANH: (x) => Math.tanh(x),
  ASINH: (x) => Math.asinh(x),
  ACOSH: (x) => Math.acosh(x),
  ATANH: (x) => Math.atanh(x),
  COT: (x) => 1 / Math.tan(x),
  COTH: (x) => 1 / Math.tanh(x),
  CSC: (x) => 1 / Math.sin(x),
  CSCH: (x) => 1 / Math.sinh(x),
  SEC: (x) => 1 / Math.cos(x),
  SECH: (x) => 1 / Math.cosh(x),
  CBRT: (x) => Math.cbrt(x),
  EXP: (x) => Math.exp(x),
  LN: (x) => Math.log(x),
  LOG10: (x) => Math.log10(x),
  SQRT: (x) => Math.sqrt(x),
  SIGN: (x) => Math.sign(x),
};

/** Applies a function; a value outside of its domain is an error, but NaN and infinities pass through. */
export function real(name: string, x: number): number {
  const apply = MATH[name];
  if (apply === undefined) throw new Error(`Function not found: ${name}`);
  if (['COT', 'COTH', 'CSC', 'CSCH'].includes(name) && x === 0)
    throw new Error(`Division by zero: ${name}(0)`);
  if (['LN', 'LOG10'].includes(name) && x <= 0)
    throw new Error(`Floating point error in function: ${name}(${floatText(x)})`);
  const result = apply(x);
  const overflows = Number.isFinite(x) && !Number.isFinite(result);
  if (overflows || (Number.isNaN(result) && !Number.isNaN(x)))
    throw new Error(`Floating point error in function: ${name}(${floatText(x)})`);
  return result;
}

function power(base: number, exponent: number): number {
  if (base === 1) return 1;
  const result = Math.abs(base) === 1 && !Number.isFinite(exponent) ? 1 : base ** exponent;
  const wasFinite = Number.isFinite(base) && Number.isFinite(exponent);
  if (wasFinite && !Number.isFinite(result))
    throw new Error(`Floating point error in function: POW(${floatText(base)}, ${floatText(exponent)})`);
  return result;
}

function logarithm(x: number, base: number): number {
  if (base === 1 || x <= 0 || base <= 0)
    throw new Error(`Floating point error in function: LOG(${floatText(x)}, ${floatText(base)})`);
  if (base === 10) return Math.log10(x);
  if (base === 2) return Math.log2(x);
  return Math.log(x) / Math.log(base);
}

/** Rounds half away from zero, or cuts off, at a number of decimal digits. */
function roundFloat(x: number, digits: bigint, mode: string): number {
  if (!Number.isFinite(x)) return x;
  const places = Number(digits);
  if (places > 330) return x;
  if (places < -308) return 0;
  const cut = (y: number): number =>
    mode === 'TRUNC' ? Math.trunc(y) : Math.sign(y) * Math.floor(Math.abs(y) + 0.5);
  if (places === 0) return Math.abs(x) < 4503599627370496 ? cut(x) : x;
  const unit = 10 ** Math.abs(places);
  if (places < 0) return cut(x / unit) * unit;
  const scaled = x * unit;
  return Number.isFinite(scaled) && Math.abs(scaled) < 4503599627370496 ? cut(scaled) / unit : x;
}

const MASK = (1n << 64n) - 1n;

function shift(value: bigint, by: bigint, left: boolean): bigint {
  if (by < 0n) throw new Error('Bitwise binary operator: negative shift');
  if (by > 63n) return 0n;
  return BigInt.asIntN(64, left ? value << by : (value & MASK) >> by);
}

function divideIntegers(a: bigint, b: bigint, what: string): void {
  if (b === 0n) throw new Error(`division by zero: ${what}(${a}, ${b})`);
  if (a === -(1n << 63n) && b === -1n && what === 'DIV') throw new Error(`int64 overflow: ${a} / ${b}`);
}

function floats(start: number, end: number, step: number): number[] {
  if (step === 0) throw new Error('Sequence step cannot be 0.');
  checkElements(Math.floor((end - start) / step) + 1);
  const list: number[] = [];
  for (let index = 0; step > 0 ? start + index * step <= end : start + index * step >= end; index += 1)
    list.push(start + index * step);
  return list;
}

function numerics(start: bigint, end: bigint, step: bigint): bigint[] {
  if (step === 0n) throw new Error('Sequence step cannot be 0.');
  countElements(start, end, step);
  const list: bigint[] = [];
  for (let item = start; step > 0n ? item <= end : item >= end; item += step) list.push(item);
  return list;
}

export const NUMBER_FUNCTIONS = [
  define('math', ['VARCHAR', 'DOUBLE'], 'DOUBLE', real),
  define('pow', ['DOUBLE', 'DOUBLE'], 'DOUBLE', power),
  define('log', ['DOUBLE', 'DOUBLE'], 'DOUBLE', logarithm),
  define('atan2', ['DOUBLE', 'DOUBLE'], 'DOUBLE', (y, x) => Math.atan2(y, x)),
  define('ieee_divide', ['DOUBLE', 'DOUBLE'], 'DOUBLE', (a, b) => a / b),
  define('float_round', ['DOUBLE', 'BIGINT', 'VARCHAR'], 'DOUBLE', roundFloat),
  define('shift_left', ['BIGINT', 'BIGINT'], 'BIGINT', (a, by) => shift(a, by, true)),
  define('shift_right', ['BIGINT', 'BIGINT'], 'BIGINT', (a, by) => shift(a, by, false)),
  define('int_div', ['BIGINT', 'BIGINT'], 'BIGINT', (a, b) => {
    divideIntegers(a, b, 'DIV');
    return a / b;
  }),
  define('int_mod', ['BIGINT', 'BIGINT'], 'BIGINT', (a, b) => {
    divideIntegers(a, b, 'MOD');
    return a % b;
  }),
  define('generate_floats', ['DOUBLE', 'DOUBLE', 'DOUBLE'], 'DOUBLE[]', floats),
  define('generate_numerics', ['DECIMAL', 'DECIMAL', 'DECIMAL'], 'DECIMAL[]', numerics),
  define('hash', ['BLOB', 'VARCHAR'], 'BLOB', (bytes, name) => createHash(name).update(bytes).digest()),
  define('farm_fingerprint', ['BLOB'], 'BIGINT', (bytes) => BigInt.asIntN(64, fingerprint64(bytes))),
];
