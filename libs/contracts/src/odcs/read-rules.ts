import type { ContractRule } from '../model/contract.js';
import type { ItemsDto } from './contract.dto.js';

/** A rule that cannot be checked. `place` is the property of the standard, `remedy` a sentence without its full stop. */
interface RuleMistake {
  readonly place: string;
  readonly problem: string;
  readonly remedy: string;
}

const LIMITS = [
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
] as const;
/** Syntax of JavaScript's patterns that RE2, BigQuery's, lacks. Source: RE2 wiki, Syntax, from memory. */
const NOT_IN_RE2 = /\(\?(?:[=!]|<[=!])|\\[1-9]/;

/**
 * Returns the checks on the values of one property.
 *
 * From `required`, `logicalTypeOptions`, `enum` (a list of values, or of objects with `value`; ODCS 3.2) and the quality metric
 * `invalidValues` with `validValues` or `pattern` (ODCS 3.1). Sources: the standard's JSON schemas 3.1.0 and 3.2.0, read 2026-11-30.
 */
export function readRules(property: ItemsDto): {
  readonly rules: readonly ContractRule[];
  readonly mistakes: readonly RuleMistake[];
} {
  const { required = false, logicalTypeOptions: options = {} } = property;
  const rules: ContractRule[] = required ? [{ kind: 'required' }] : [];
  const mistakes: RuleMistake[] = [];
  for (const kind of LIMITS) {
    const limit = options[kind];
    if (limit === undefined) continue;
    if (isLimit(limit)) rules.push({ kind, limit: String(limit) });
    else
      mistakes.push(
        mistake(
          `logicalTypeOptions.${kind}`,
          'is no number and no text',
          'Write a number, or a date as text',
        ),
      );
  }
  const { pattern } = options;
  if (pattern !== undefined) addPattern(pattern, 'logicalTypeOptions.pattern', { rules, mistakes });
  if (property.enum !== undefined) addValues(property.enum, 'enum', { rules, mistakes });
  for (const entry of listOf(property.quality)) {
    const { metric, arguments: given } = entry as { readonly metric?: unknown; readonly arguments?: unknown };
    if (metric !== 'invalidValues' || typeof given !== 'object' || given === null) continue;
    const { validValues, pattern: allowed } = given as {
      readonly validValues?: unknown;
      readonly pattern?: unknown;
    };
    if (validValues !== undefined) addValues(validValues, 'quality', { rules, mistakes });
    if (allowed !== undefined) addPattern(allowed, 'quality', { rules, mistakes });
  }
  return { rules, mistakes };
}

interface Found {
  readonly rules: ContractRule[];
  readonly mistakes: RuleMistake[];
}

function addPattern(pattern: unknown, place: string, { rules, mistakes }: Found): void {
  if (typeof pattern !== 'string')
    mistakes.push(mistake(place, 'has a pattern that is no text', 'Write the pattern in quotes'));
  else if (!isPattern(pattern))
    mistakes.push(
      mistake(
        place,
        `has no pattern that BigQuery can check: ${pattern}`,
        "Use RE2's syntax: no lookaround, no back reference",
      ),
    );
  else rules.push({ kind: 'pattern', pattern });
}

function isPattern(pattern: string): boolean {
  if (NOT_IN_RE2.test(pattern)) return false;
  try {
    return new RegExp(pattern, 'u') instanceof RegExp;
  } catch {
    return false;
  }
}

/** The values of an `enum`: entries as they are, or the `value` of objects. */
export function enumValues(list: unknown): readonly unknown[] {
  return listOf(list).map((entry) =>
    typeof entry === 'object' && entry !== null && 'value' in entry ? entry.value : entry,
  );
}

function addValues(list: unknown, place: string, { rules, mistakes }: Found): void {
  const values = enumValues(list);
  const isUsable = values.every((value) => ['string', 'number', 'boolean'].includes(typeof value));
  if (values.length > 0 && isUsable) rules.push({ kind: 'enum', values: values.map(String) });
  else
    mistakes.push(
      mistake(place, 'is no list of values', 'Write the allowed values as a list of texts or numbers'),
    );
}

function isLimit(limit: unknown): limit is string | number {
  return typeof limit === 'string' || (typeof limit === 'number' && Number.isFinite(limit));
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]).filter((entry) => entry !== null) : [];
}

function mistake(place: string, problem: string, remedy: string): RuleMistake {
  return { place, problem: `${place} ${problem}`, remedy };
}
