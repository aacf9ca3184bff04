/** Facts about a value that several rules need, collected while reading so that no rule walks a tree again. */
interface NodeFacts {
  /** Offset of the first character in the source text. */
  readonly start: number;
  /** Offset after the last character. */
  readonly end: number;
  /** True if it is or contains a boolean, number or string. */
  readonly hasScalar: boolean;
  /** True if no string in it has an unpaired surrogate. */
  readonly isUnicode: boolean;
  /** True if BigQuery's JSON type keeps every number in it. */
  readonly isJsonExact: boolean;
}

export interface NullNode extends NodeFacts {
  readonly kind: 'null';
}
export interface BooleanNode extends NodeFacts {
  readonly kind: 'boolean';
  readonly value: boolean;
}
export interface NumberNode extends NodeFacts {
  readonly kind: 'number';
  readonly literal: string;
}
export interface StringNode extends NodeFacts {
  readonly kind: 'string';
  readonly value: string;
}
export interface ArrayNode extends NodeFacts {
  readonly kind: 'array';
  readonly elements: readonly JsonNode[];
}
export interface ObjectNode extends NodeFacts {
  readonly kind: 'object';
  readonly members: readonly Member[];
}
export interface Member {
  readonly key: string;
  readonly value: JsonNode;
}

/** A JSON value with nothing lost: number literals, source offsets, and keys in order. */
export type JsonNode = NullNode | BooleanNode | NumberNode | StringNode | ArrayNode | ObjectNode;

/** A JSON scalar other than null. */
export type ScalarNode = BooleanNode | NumberNode | StringNode;
