import { invalidQuery } from '../../rules/api-error.js';
import type { Call } from '../syntax/tree.js';
import { coerce, unify } from './coerce.js';
import { asInt64, numericType } from './operators.js';
import { compile, type Scope } from './scope.js';
import { BIGNUMERIC, FLOAT64, INT64, NUMERIC, type Type, typeText } from './types.js';
import { type Value, value } from './value.js';
import { overClause } from './windows.js';

const NUMBERING: Readonly<Record<string, Type>> = {
  ROW_NUMBER: INT64,
  RANK: INT64,
  DENSE_RANK: INT64,
  PERCENT_RANK: FLOAT64,
  CUME_DIST: FLOAT64,
  NTILE: INT64,
};
const NAVIGATION: ReadonlySet<string> = new Set(['LAG', 'LEAD', 'FIRST_VALUE', 'LAST_VALUE', 'NTH_VALUE']);
const PERCENTILES: ReadonlySet<string> = new Set(['PERCENTILE_CONT', 'PERCENTILE_DISC']);

/** True for functions that only exist with OVER. */
export function isAnalytic(call: Call): boolean {
  return call.name in NUMBERING || NAVIGATION.has(call.name) || PERCENTILES.has(call.name);
}

/** Numbering, navigation and percentiles. Source: docs/reference/standard-sql/navigation_functions. */
export function analyticValue(call: Call, scope: Scope): Value {
  if (call.over === undefined)
    throw invalidQuery(`Analytic function ${call.name} cannot be called without an OVER clause`);
  const over = overClause(call.over, scope);
  const numbering = NUMBERING[call.name];
  if (numbering !== undefined) {
    const args = call.args.map((node) => asInt64(compile(node, scope), `function ${call.name}`).sql);
    return value(`${call.name.toLowerCase()}(${args.join(', ')}) ${over}`, numbering);
  }
  if (PERCENTILES.has(call.name)) return percentile(call, over, scope);
  return navigation(call, over, scope);
}

function navigation(call: Call, over: string, scope: Scope): Value {
  const [of, ...rest] = call.args.map((node) => compile(node, scope));
  if (of === undefined) throw invalidQuery(`No matching signature for function ${call.name}`);
  const name = call.name.toLowerCase();
  const nulls = call.nulls === 'IGNORE' ? ' IGNORE NULLS' : '';
  if (!call.name.startsWith('LA') && call.name !== 'LEAD') {
    const position = rest.map((item) => `, ${asInt64(item, `function ${call.name}`).sql}`).join('');
    return value(`${name}(${of.sql}${position}${nulls}) ${over}`, of.type);
  }
  if (call.name === 'LAST_VALUE') return value(`${name}(${of.sql}${nulls}) ${over}`, of.type);
  const offset = rest[0] === undefined ? '1' : asInt64(rest[0], `function ${call.name}`).sql;
  if (rest[1] === undefined) return value(`${name}(${of.sql}, ${offset}${nulls}) ${over}`, of.type);
  const { type, values } = unify([of, rest[1]], `function ${call.name}`);
  return value(`${name}(${values[0]?.sql ?? ''}, ${offset}, ${values[1]?.sql ?? ''}${nulls}) ${over}`, type);
}

function percentile(call: Call, over: string, scope: Scope): Value {
  const [of, at] = call.args.map((node) => compile(node, scope));
  const share = at === undefined ? undefined : coerce(at, FLOAT64);
  if (of === undefined || share === undefined)
    throw invalidQuery(`No matching signature for function ${call.name}`);
  if (call.nulls === 'RESPECT')
    throw invalidQuery(`Not supported by this server: ${call.name} with RESPECT NULLS`);
  if (call.name === 'PERCENTILE_DISC') {
    if (of.type.kind === 'BIGNUMERIC')
      return value(
        `bq_bignumeric_wrap(quantile_disc(struct_extract(${of.sql}, 'bignumeric'), ${share.sql}) ${over})`,
        of.type,
      );
    return value(`quantile_disc(${of.sql}, ${share.sql}) ${over}`, of.type);
  }
  const type = numericType([of], [FLOAT64, NUMERIC, BIGNUMERIC]);
  if (type === undefined)
    throw invalidQuery(
      `No matching signature for function ${call.name} for argument types: ${typeText(of.type)}`,
    );
  if (type.kind !== 'FLOAT64')
    throw invalidQuery(`Not supported by this server: PERCENTILE_CONT of ${type.kind}`);
  return value(`quantile_cont(${coerce(of, FLOAT64)?.sql ?? ''}, ${share.sql}) ${over}`, FLOAT64);
}
