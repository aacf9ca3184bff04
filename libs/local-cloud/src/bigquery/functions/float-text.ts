/**
 * A FLOAT64 as GoogleSQL writes it: `100`, `0.1`, `1e+15`, `1e-07`, `inf`, `nan`.
 *
 * 15 significant digits if they give the number back, else 17.
 */
export function floatText(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  if (value === 0) return '0';
  const short = general(value, 15);
  return Number(short) === value ? short : general(value, 17);
}

/** C's `%.{precision}g`. */
export function general(value: number, precision: number): string {
  const [mantissa = '0', exponentText = '0'] = value.toExponential(Math.max(precision - 1, 0)).split('e');
  const exponent = Number(exponentText);
  if (exponent < -4 || exponent >= Math.max(precision, 1)) return exponential(stripZeros(mantissa), exponent);
  return stripZeros(value.toFixed(Math.max(precision - 1 - exponent, 0)));
}

function stripZeros(digits: string): string {
  return digits.includes('.') ? digits.replace(/\.?0+$/, '') : digits;
}

/** Mantissa and exponent with a sign and two digits at least. */
export function exponential(mantissa: string, exponent: number): string {
  const size = String(Math.abs(exponent)).padStart(2, '0');
  return `${mantissa}e${exponent < 0 ? '-' : '+'}${size}`;
}

/** A number of a JSON document: shortest digits, a point always, exponents beyond 15 digits. */
export function jsonFloatText(value: number): string {
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0';
  const [mantissa = '0', exponentText = '0'] = value.toExponential().split('e');
  const exponent = Number(exponentText);
  if (exponent >= 15 || exponent < -5) return exponential(mantissa, exponent);
  const fixed =
    exponent >= 0 ? String(value) : value.toFixed(mantissa.replace(/[-.]/g, '').length - 1 - exponent);
  return fixed.includes('.') ? fixed : `${fixed}.0`;
}
