import { notTranslated } from './sql-tree.js';

const STEP =
  /\.([A-Za-z_][A-Za-z0-9_-]*)|\.?\[(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")\]|\."((?:[^"\\]|\\.)*)"|\[(\d+)\]/y;

/**
 * A GoogleSQL JSON path as DuckDB's: `$.a['b.c'][0]` → `$."a"."b.c"[0]`.
 *
 * Errors: `invalidQuery` for steps that are neither keys nor positions (wildcards, slices).
 */
export function jsonPath(path: string): string {
  if (!path.startsWith('$')) throw notTranslated(`the JSON path ${path}`);
  let result = '$';
  STEP.lastIndex = 1;
  while (STEP.lastIndex < path.length) {
    const match = STEP.exec(path);
    if (match === null) throw notTranslated(`the JSON path ${path}`);
    const [, plain, single, double, dotted, position] = match;
    const key = plain ?? single ?? double ?? dotted;
    result += key === undefined ? `[${position ?? ''}]` : `."${key.replaceAll('"', '\\"')}"`;
  }
  return result;
}
