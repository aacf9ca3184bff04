import { invalidQuery } from '../../rules/api-error.js';
import { coerce } from './coerce.js';
import { arrayOf, isSameType, type ScalarKind, scalar, type Type, typeText } from './types.js';
import { isNull, type Value, value } from './value.js';

/** One overload: `LEFT(STRING, INT64): STRING = bq_left($1, $2)`; `A...` repeats, `[A]` is an array. */
export interface Signature {
  readonly parameters: readonly Type[];
  readonly repeats: boolean;
  readonly returns: Type;
  readonly sql: string;
}

const LINE = /^([A-Z0-9_.]+)\((.*?)\): (\S+) = (.*)$/;

function typeNamed(name: string): Type {
  return name.startsWith('[') ? arrayOf(typeNamed(name.slice(1, -1))) : scalar(name as ScalarKind);
}

/** Reads a table of overloads, one a line. */
export function signatures(table: string): ReadonlyMap<string, readonly Signature[]> {
  const byName = new Map<string, Signature[]>();
  for (const line of table.trim().split('\n')) {
    const match = LINE.exec(line.trim());
    if (match === null) throw new Error(`no signature: ${line}`);
    const [, name = '', parameters = '', returns = '', sql = ''] = match;
    const repeats = parameters.endsWith('...');
    const types = parameters
      .replace('...', '')
      .split(/,\s*/)
      .filter((part) => part !== '')
      .map(typeNamed);
    const overloads = byName.get(name) ?? [];
    overloads.push({ parameters: types, repeats, returns: typeNamed(returns), sql });
    byName.set(name, overloads);
  }
  return byName;
}

function accepts(signature: Signature, values: readonly Value[]): Value[] | undefined {
  const { parameters, repeats } = signature;
  if (repeats ? values.length < parameters.length : values.length !== parameters.length) return undefined;
  const converted = values.map((item, index) => {
    const type = parameters[Math.min(index, parameters.length - 1)];
    return type === undefined ? undefined : coerce(item, type);
  });
  return converted.includes(undefined) ? undefined : (converted as Value[]);
}

// Columns that convert count more than literals that do.
function cost(signature: Signature, values: readonly Value[]): number {
  return values.reduce((sum, item, index) => {
    const type = signature.parameters[Math.min(index, signature.parameters.length - 1)];
    if (type === undefined || isNull(item) || isSameType(item.type, type)) return sum;
    return sum + (item.literal === undefined ? 100 : 1);
  }, 0);
}

/** The call under the overload that converts least; `No matching signature` if there is none. */
export function applySignature(
  name: string,
  overloads: readonly Signature[],
  values: readonly Value[],
): Value {
  let best: { signature: Signature; converted: Value[]; cost: number } | undefined;
  for (const signature of overloads) {
    const converted = accepts(signature, values);
    if (converted === undefined) continue;
    const candidate = { signature, converted, cost: cost(signature, values) };
    if (best === undefined || candidate.cost < best.cost) best = candidate;
  }
  if (best === undefined)
    throw invalidQuery(
      `No matching signature for function ${name} for argument types: ${values
        .map((item) => (isNull(item) ? 'NULL' : typeText(item.type)))
        .join(', ')}`,
    );
  const { signature, converted } = best;
  const sql = signature.sql
    .replaceAll('$*', () => converted.map((item) => item.sql).join(', '))
    .replaceAll(/\$(\d)/g, (_all, digit: string) => converted[Number(digit) - 1]?.sql ?? 'NULL');
  return value(sql, signature.returns);
}
