import { invalidQuery } from '../rules/api-error.js';

/**
 * Names of result columns: those without one are `f0_`, `f1_` …, and a repeated name gets a number: `a`, `a_1`.
 *
 * Errors: in a new table (`strict`) `invalidQuery` for a repeated name.
 */
export function resultNames(given: readonly (string | undefined)[], manner: 'strict' | 'lenient'): string[] {
  const seen = new Set<string>();
  let unnamed = 0;
  return given.map((name) => {
    const own = name ?? `f${(unnamed += 1) - 1}_`;
    let shown = own;
    for (let count = 1; seen.has(shown.toLowerCase()); count += 1) {
      if (manner === 'strict')
        throw invalidQuery(
          `Duplicate column names in the result are not supported when a destination table is present. Found duplicate(s): ${own}`,
        );
      shown = `${own}_${count}`;
    }
    seen.add(shown.toLowerCase());
    return shown;
  });
}
