import { createHash } from 'node:crypto';
import { readNote, type Column, type SchemaChange, type Shape } from '@pipeline/schema-inference';

/** The changes that one event needs. */
export interface Claim {
  readonly messageId: string;
  readonly eventType?: string;
  readonly pending: readonly SchemaChange[];
}

/**
 * The claims of a round by event key, so that each planned change finds the first event that needs it.
 *
 * Shape: claims for `customer.id` by m1 and m2 → node `customer` → node `id`, needed by m1.
 */
export interface ClaimNode {
  /** The first event that needs this column, or a field in it. */
  first: Claim | null;
  /** The last one: the event that filled a record or a table. */
  last: Claim | null;
  /** The shape of the first event's value. */
  shape: Shape | null;
  widenedBy: Claim | null;
  readonly relaxedBy: Map<string, Claim>;
  readonly children: Map<string, ClaimNode>;
}

export function gatherClaims(claims: readonly Claim[]): ClaimNode {
  const root = emptyNode();
  for (const claim of claims) {
    for (const change of claim.pending) {
      insertChange(root, claim, change);
    }
  }
  return root;
}

/** Returns the claims on a column of the record `node`. */
export function claimsOn(node: ClaimNode | undefined, column: Column): ClaimNode | undefined {
  if (node === undefined) {
    return undefined;
  }
  const { key, keySha256 } = readNote(column.description);
  if (key === undefined && keySha256 !== undefined) {
    return [...node.children].find(([candidate]) => sha256(candidate) === keySha256)?.[1];
  }
  return node.children.get(key ?? column.name);
}

function insertChange(root: ClaimNode, claim: Claim, change: SchemaChange): void {
  let node = root;
  markSeen(node, claim);
  for (const key of change.path) {
    node = childOf(node, key);
    markSeen(node, claim);
  }
  switch (change.kind) {
    case 'add':
      insertShape(node, claim, change.shape);
      return;
    case 'widen':
      node.widenedBy ??= claim;
      return;
    case 'relax':
      if (!node.relaxedBy.has(change.name)) {
        node.relaxedBy.set(change.name, claim);
      }
  }
}

function insertShape(node: ClaimNode, claim: Claim, shape: Shape): void {
  markSeen(node, claim);
  node.shape ??= shape;
  if (shape.type === 'RECORD') {
    for (const [key, field] of shape.fields) {
      insertShape(childOf(node, key), claim, field);
    }
  }
}

function markSeen(node: ClaimNode, claim: Claim): void {
  node.first ??= claim;
  node.last = claim;
}

function childOf(node: ClaimNode, key: string): ClaimNode {
  const present = node.children.get(key);
  if (present !== undefined) {
    return present;
  }
  const child = emptyNode();
  node.children.set(key, child);
  return child;
}

function emptyNode(): ClaimNode {
  return { first: null, last: null, shape: null, widenedBy: null, relaxedBy: new Map(), children: new Map() };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
