import { define } from './define.js';
import { checkOutput, leftOf, padding, rightOf, slice, trimmed } from './texts.js';

const list = (bytes: Uint8Array): number[] => Array.from(bytes);
const bytesOf = (items: readonly number[]): Uint8Array => Uint8Array.from(items);
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

function toBase32(bytes: Uint8Array): string {
  const bits = list(bytes)
    .map((byte) => byte.toString(2).padStart(8, '0'))
    .join('');
  const digits = (bits.match(/.{1,5}/g) ?? [])
    .map((five) => BASE32[parseInt(five.padEnd(5, '0'), 2)])
    .join('');
  return digits.padEnd(Math.ceil(digits.length / 8) * 8, '=');
}

function fromBase32(text: string): Uint8Array {
  const digits = text.replace(/=+$/, '');
  if (text.length % 8 !== 0 || /[^A-Z2-7]/.test(digits))
    throw new Error('Failed to decode invalid base32 string');
  const bits = Array.from(digits, (digit) => BASE32.indexOf(digit).toString(2).padStart(5, '0')).join('');
  return bytesOf((bits.match(/.{8}/g) ?? []).map((eight) => parseInt(eight, 2)));
}

function fromBase64(text: string): Uint8Array {
  const digits = text.replaceAll(/\s/g, '');
  if (
    !/^[A-Za-z0-9+/]*={0,2}$/.test(digits) ||
    digits.length % 4 === 1 ||
    (digits.includes('=') && digits.length % 4 !== 0)
  )
    throw new Error('Failed to decode invalid base64 string');
  return Buffer.from(digits, 'base64');
}

function fromHex(text: string): Uint8Array {
  if (!/^[0-9A-Fa-f]*$/.test(text))
    throw new Error(`Failed to decode invalid hexadecimal string due to character: ${text}`);
  return Buffer.from(text.length % 2 === 0 ? text : `0${text}`, 'hex');
}

function letters(bytes: Uint8Array, from: number, offset: number): Uint8Array {
  return bytes.map((byte) => (byte >= from && byte < from + 26 ? byte + offset : byte));
}

function replaced(bytes: Uint8Array, from: Uint8Array, to: Uint8Array): Uint8Array {
  if (from.length === 0) return bytes;
  const text = (value: Uint8Array): string => Buffer.from(value).toString('latin1');
  return Buffer.from(
    text(bytes).replaceAll(text(from), () => text(to)),
    'latin1',
  );
}

function byteOf(code: bigint | null): number {
  if (code === null || code < 0n || code > 255n)
    throw new Error(`Invalid extended ASCII code point: ${String(code)}`);
  return Number(code);
}

function asFormat(bytes: Uint8Array, format: string): string {
  const buffer = Buffer.from(bytes);
  switch (format.toUpperCase()) {
    case 'HEX':
      return buffer.toString('hex');
    case 'BASE64':
    case 'BASE64M':
      return buffer.toString('base64');
    case 'BASE32':
      return toBase32(bytes);
    case 'BASE2':
      return list(bytes)
        .map((byte) => byte.toString(2).padStart(8, '0'))
        .join('');
    case 'BASE8':
      throw new Error('Not supported by this server: the format BASE8');
    case 'ASCII':
      if (bytes.some((byte) => byte > 127)) throw new Error('Invalid ASCII value');
      return buffer.toString('latin1');
    case 'UTF-8':
    case 'UTF8':
      return buffer.toString('utf8');
    default:
      throw new Error(`Invalid format: ${format}`);
  }
}

function ofFormat(text: string, format: string): Uint8Array {
  switch (format.toUpperCase()) {
    case 'HEX':
      return fromHex(text);
    case 'BASE64':
    case 'BASE64M':
      return fromBase64(text);
    case 'BASE32':
      return fromBase32(text);
    case 'BASE2':
      if (!/^([01]{8})*$/.test(text)) throw new Error('Failed to decode invalid base2 string');
      return bytesOf((text.match(/.{8}/g) ?? []).map((eight) => parseInt(eight, 2)));
    case 'ASCII':
    case 'UTF-8':
    case 'UTF8':
      return Buffer.from(text, 'utf8');
    default:
      throw new Error(`Invalid format: ${format}`);
  }
}

/** Functions on BYTES. Source: docs/reference/standard-sql/string_functions, read 2026-11-29. */
export const BYTES_FUNCTIONS = [
  define('substr_bytes', ['BLOB', 'BIGINT', 'BIGINT'], 'BLOB', (bytes, position, length) =>
    bytesOf(slice(list(bytes), position, length)),
  ),
  define('left_bytes', ['BLOB', 'BIGINT'], 'BLOB', (bytes, count) =>
    bytesOf(leftOf(list(bytes), count, 'LEFT')),
  ),
  define('right_bytes', ['BLOB', 'BIGINT'], 'BLOB', (bytes, count) => bytesOf(rightOf(list(bytes), count))),
  define('lpad_bytes', ['BLOB', 'BIGINT', 'BLOB'], 'BLOB', (bytes, length, pattern) =>
    bytesOf([...padding(list(bytes), length, list(pattern)), ...list(bytes)].slice(0, Number(length))),
  ),
  define('rpad_bytes', ['BLOB', 'BIGINT', 'BLOB'], 'BLOB', (bytes, length, pattern) =>
    bytesOf([...list(bytes), ...padding(list(bytes), length, list(pattern))].slice(0, Number(length))),
  ),
  define('trim_bytes', ['BLOB', 'BLOB'], 'BLOB', (bytes, set) =>
    bytesOf(trimmed(list(bytes), list(set), 'both')),
  ),
  define('ltrim_bytes', ['BLOB', 'BLOB'], 'BLOB', (bytes, set) =>
    bytesOf(trimmed(list(bytes), list(set), 'left')),
  ),
  define('rtrim_bytes', ['BLOB', 'BLOB'], 'BLOB', (bytes, set) =>
    bytesOf(trimmed(list(bytes), list(set), 'right')),
  ),
  define('lower_bytes', ['BLOB'], 'BLOB', (bytes) => letters(bytes, 65, 32)),
  define('upper_bytes', ['BLOB'], 'BLOB', (bytes) => letters(bytes, 97, -32)),
  define('reverse_bytes', ['BLOB'], 'BLOB', (bytes) => Uint8Array.from(bytes).reverse()),
  define('replace_bytes', ['BLOB', 'BLOB', 'BLOB'], 'BLOB', replaced),
  define('repeat_bytes', ['BLOB', 'BIGINT'], 'BLOB', (bytes, count) => {
    if (count < 0n) throw new Error('Second argument in REPEAT() cannot be negative');
    checkOutput('REPEAT', bytes.length * Number(count));
    return bytes.length === 0 ? bytes : Buffer.alloc(bytes.length * Number(count), bytes);
  }),
  define('starts_with_bytes', ['BLOB', 'BLOB'], 'BOOLEAN', (bytes, part) =>
    Buffer.from(bytes).subarray(0, part.length).equals(part),
  ),
  define(
    'ends_with_bytes',
    ['BLOB', 'BLOB'],
    'BOOLEAN',
    (bytes, part) =>
      part.length <= bytes.length &&
      Buffer.from(bytes)
        .subarray(bytes.length - part.length)
        .equals(part),
  ),
  define('strpos_bytes', ['BLOB', 'BLOB'], 'BIGINT', (bytes, part) =>
    BigInt(Buffer.from(bytes).indexOf(part) + 1),
  ),
  define('to_base32', ['BLOB'], 'VARCHAR', toBase32),
  define('from_base32', ['VARCHAR'], 'BLOB', fromBase32),
  define('from_base64', ['VARCHAR'], 'BLOB', fromBase64),
  define('from_hex', ['VARCHAR'], 'BLOB', fromHex),
  define('to_code_points_bytes', ['BLOB'], 'BIGINT[]', (bytes) => list(bytes).map(BigInt)),
  define('code_points_to_bytes', ['BIGINT[]'], 'BLOB', (codes) => bytesOf(codes.map(byteOf))),
  define('bit_count_bytes', ['BLOB'], 'BIGINT', (bytes) =>
    BigInt(list(bytes).reduce((sum, byte) => sum + byte.toString(2).replaceAll('0', '').length, 0)),
  ),
  define('bytes_as_format', ['BLOB', 'VARCHAR'], 'VARCHAR', asFormat),
  define('bytes_from_format', ['VARCHAR', 'VARCHAR'], 'BLOB', ofFormat),
];
