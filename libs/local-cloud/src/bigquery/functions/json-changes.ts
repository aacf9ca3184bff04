import { defineVariadic } from './define.js';
import { shapesOf, toTree } from './json-encoding.js';
import { jsonPathSteps, type JsonStep } from './json-path.js';
import { isArray, isObject, type Json, readJson, writeJson } from './json-tree.js';

type Flags = Readonly<Record<string, boolean>>;

/** The document with what lies at the path changed; `change` gives `undefined` to remove it. */
function at(
  tree: Json | undefined,
  steps: readonly JsonStep[],
  create: boolean,
  change: (old: Json | undefined) => Json | undefined,
): Json | undefined {
  const [step, ...rest] = steps;
  if (step === undefined) return change(tree);
  if (typeof step === 'string') return inObject(tree, step, rest, create, change);
  if (!isArray(tree) && !((tree === undefined || tree === null) && create)) return tree;
  const items = isArray(tree) ? [...tree] : [];
  if (step >= items.length && !create) return tree;
  const next = at(items[step], rest, create, change);
  if (next === undefined) items.splice(step, 1);
  else {
    while (items.length < step) items.push(null);
    items[step] = next;
  }
  return items;
}

function inObject(
  tree: Json | undefined,
  key: string,
  rest: readonly JsonStep[],
  create: boolean,
  change: (old: Json | undefined) => Json | undefined,
): Json | undefined {
  if (!isObject(tree) && !((tree === undefined || tree === null) && create)) return tree;
  const members = new Map(isObject(tree) ? tree : []);
  if (!members.has(key) && !create) return tree;
  const next = at(members.get(key), rest, create, change);
  if (next === undefined) members.delete(key);
  else members.set(key, next);
  return members;
}

function stripped(tree: Json, arrays: boolean, empty: boolean): Json | undefined {
  const keep = (item: Json): boolean =>
    !(empty && ((arrays && isArray(item) && item.length === 0) || (isObject(item) && item.size === 0)));
  if (isArray(tree)) {
    const items = tree.flatMap((item) => {
      const inner = stripped(item, arrays, empty) ?? null;
      return arrays && (inner === null || !keep(inner)) ? [] : [inner];
    });
    return items;
  }
  if (!isObject(tree)) return tree;
  const members = [...tree].flatMap(([key, item]): [string, Json][] => {
    const inner = stripped(item, arrays, empty) ?? null;
    return inner === null || !keep(inner) ? [] : [[key, inner]];
  });
  return new Map(members);
}

function pathOf(path: Json | undefined): string {
  if (typeof path !== 'string') throw new Error('A JSONPath must be a string');
  return path;
}

function change(name: string, flags: Flags, tree: Json, args: readonly Json[]): Json {
  if (name === 'JSON_REMOVE')
    return args.reduce<Json>(
      (done, path) => at(done, jsonPathSteps(pathOf(path)), false, () => undefined) ?? null,
      tree,
    );
  if (name === 'JSON_STRIP_NULLS') {
    const path = typeof args[0] === 'string' ? args[0] : '$';
    const [arrays, empty] = [flags['include_arrays'] ?? true, flags['remove_empty'] ?? false];
    const result = at(tree, jsonPathSteps(path), false, (old) =>
      old === undefined ? old : stripped(old, arrays, empty),
    );
    const isEmpty = isObject(result) ? result.size === 0 : isArray(result) && result.length === 0;
    return empty && isEmpty ? null : (result ?? null);
  }
  let done = tree;
  for (let index = 0; index + 1 < args.length; index += 2) {
    const steps = jsonPathSteps(pathOf(args[index]));
    done = applied(name, flags, done, steps, args[index + 1] ?? null);
  }
  return done;
}

function applied(name: string, flags: Flags, tree: Json, steps: readonly JsonStep[], value: Json): Json {
  if (name === 'JSON_SET') return at(tree, steps, flags['create_if_missing'] ?? true, () => value) ?? null;
  if (name === 'JSON_ARRAY_APPEND') {
    const each = (flags['append_each_element'] ?? true) && isArray(value);
    const result = at(tree, steps, false, (old) =>
      isArray(old) ? [...old, ...(each ? value : [value])] : old === null ? (each ? value : [value]) : old,
    );
    return result ?? null;
  }
  const [last] = steps.slice(-1);
  if (typeof last !== 'number') return tree;
  const each = (flags['insert_each_element'] ?? true) && isArray(value);
  const items = each ? value : [value];
  const result = at(tree, steps.slice(0, -1), false, (old) => {
    if (old === null) return [...Array.from({ length: last }, () => null), ...items];
    if (!isArray(old)) return old;
    const padded = [...old, ...Array.from({ length: Math.max(last - old.length, 0) }, () => null)];
    return [...padded.slice(0, last), ...items, ...padded.slice(last)];
  });
  return result ?? null;
}

export const JSON_CHANGE_FUNCTIONS = [
  defineVariadic(
    'json_change',
    ['VARCHAR', 'VARCHAR', 'VARCHAR', 'VARCHAR'],
    'VARCHAR',
    ([name, flags, shapes, text], values) => {
      const kinds = shapesOf(shapes);
      const args = values.map((value, index) => toTree(value, kinds[index] ?? 'NULL'));
      return writeJson(change(name, JSON.parse(flags) as Flags, readJson(text), args));
    },
  ),
];
