import { isArray, isObject, type Json } from './json-tree.js';

const STEP =
  /\.([^.[\]"'$\s]+)|\[\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")\s*\]|\."((?:[^"\\]|\\.)*)"|\[\s*(\d+)\s*\]/y;

/** One step of a JSON path: a key or a position. */
export type JsonStep = string | number;

const cache = new Map<string, readonly JsonStep[]>();

/**
 * The steps of a GoogleSQL JSON path: `$.a['b.c'][0]` → `["a", "b.c", 0]`.
 *
 * Errors: `Invalid token in JSONPath` for what is neither a key nor a position (wildcards, slices).
 */
export function jsonPathSteps(path: string): readonly JsonStep[] {
  const known = cache.get(path);
  if (known !== undefined) return known;
  if (!path.startsWith('$')) throw new Error(`JSONPath must start with '$'`);
  const steps: JsonStep[] = [];
  let at = 1;
  while (at < path.length) {
    STEP.lastIndex = at;
    const match = STEP.exec(path);
    if (match === null) throw new Error(`Invalid token in JSONPath at: ${path.slice(at)}`);
    at = STEP.lastIndex;
    const [, plain, single, double, dotted, position] = match;
    const key = plain ?? single ?? double ?? dotted;
    steps.push(key === undefined ? Number(position) : key.replaceAll(/\\(.)/g, '$1'));
  }
  if (cache.size < 1000) cache.set(path, steps);
  return steps;
}

/** The value at a path; `undefined` if there is none. */
export function jsonAt(tree: Json, steps: readonly JsonStep[]): Json | undefined {
  let here: Json | undefined = tree;
  for (const step of steps) {
    if (typeof step === 'number') here = isArray(here) ? here[step] : undefined;
    else here = isObject(here) ? here.get(step) : undefined;
    if (here === undefined) return undefined;
  }
  return here;
}
