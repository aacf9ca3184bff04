import type { Expression } from '../syntax/tree.js';

/** The name that a column or field gets from its expression: the last name of a path. */
export function inferredName(node: Expression | undefined): string | undefined {
  return node?.kind === 'name' || node?.kind === 'field' ? node.name : undefined;
}

/** A path in backquotes: `` `p`.`d`.`t` ``. */
export function quotePath(parts: readonly string[]): string {
  return parts.map((part) => `\`${part.replaceAll('\\', '\\\\').replaceAll('`', '\\`')}\``).join('.');
}

/** Names that a part of the tree mentions, in lower case. */
export function mentioned(node: unknown): string[] {
  if (Array.isArray(node)) return node.flatMap(mentioned);
  if (typeof node !== 'object' || node === null) return [];
  const isName = 'kind' in node && (node.kind === 'name' || node.kind === 'field') && 'name' in node;
  const own = isName ? [String(node.name).toLowerCase()] : [];
  return [...own, ...Object.values(node).flatMap(mentioned)];
}

/** Names in WHERE and ON of a statement, at any depth: columns that may leave out partitions. */
export function filterNames(node: unknown): string[] {
  if (Array.isArray(node)) return node.flatMap(filterNames);
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([key, value]: [string, unknown]) => [
    ...(key === 'where' || key === 'on' ? mentioned(value) : []),
    ...filterNames(value),
  ]);
}
