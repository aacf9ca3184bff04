import { textTable } from '../command/text-table.js';
import type { Check } from './check-samples.js';

/** The result as a table, and a sentence. */
export function renderChecks(checks: readonly Check[], run: string): string {
  const failed = checks.filter(({ passed }) => !passed).length;
  const table = textTable(
    ['check', 'result', 'found'],
    checks.map(({ name, passed, detail }) => [name, passed ? 'ok' : 'FAILED', detail]),
  );
  const verdict =
    failed === 0
      ? `Verified: all ${checks.length} checks passed`
      : `${failed} of ${checks.length} checks FAILED`;
  return `${table}\n\n${verdict} (run ${run}).`;
}
