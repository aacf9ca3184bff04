import type { ContractRule } from '@pipeline/contracts';
import { textTable } from '../command/text-table.js';
import type { CountedCheck } from './count-violations.js';

/** One line for each check; violations first. */
export function renderChecks(checks: readonly CountedCheck[]): string {
  if (checks.length === 0)
    return 'The contracts have no checks: add required, logicalTypeOptions or enum to a column.';
  const rows = [...checks]
    .sort((left, right) => (right.violations ?? -1) - (left.violations ?? -1))
    .map((check) => [check.table, check.path, ruleText(check.rule), violationsText(check), sampleOf(check)]);
  const violated = checks.filter(({ violations }) => violations !== null && violations > 0).length;
  const summary =
    violated === 0
      ? 'No check is violated.'
      : `${violated} of ${checks.length} checks are violated. The rows are there: a check is no gate.`;
  return [textTable(['table', 'column', 'rule', 'violations', 'sample'], rows), '', summary].join('\n');
}

/** Shape: `minimum 0`, `one of a, b`, `pattern ^A`, `required`. */
export function ruleText(rule: ContractRule): string {
  switch (rule.kind) {
    case 'required':
      return 'required';
    case 'enum':
      return `one of ${rule.values.join(', ')}`;
    case 'pattern':
      return `pattern ${rule.pattern}`;
    case 'minimum':
    case 'maximum':
    case 'exclusiveMinimum':
    case 'exclusiveMaximum':
    case 'minLength':
    case 'maxLength':
    case 'minItems':
    case 'maxItems':
      return `${rule.kind} ${rule.limit}`;
  }
}

export function violationsText(check: CountedCheck): string {
  if (check.violations !== null) return String(check.violations);
  return check.reason === 'NO_COLUMN' ? 'not checked: no such column yet' : 'not checked: not for this type';
}

function sampleOf(check: CountedCheck): string {
  return check.violations === null ? '' : (check.sampleMessageId ?? '');
}
