import type { Expression } from '../syntax/tree.js';

/** The name that a column or field gets from its expression: the last name of a path. */
export function inferredName(node: Expression | undefined): string | undefined {
  return node?.kind === 'name' || node?.kind === 'field' ? node.name : undefined;
}
