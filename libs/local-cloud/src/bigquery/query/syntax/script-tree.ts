import type { Expression, Query, TypeName } from './tree.js';

/** A statement of a script. `text` of one that is run as it is keeps its place: what comes before it is blank. */
export type ScriptStatement =
  | { readonly kind: 'sql'; readonly text: string }
  | {
      readonly kind: 'declare';
      readonly names: readonly string[];
      readonly type: TypeName | undefined;
      readonly value: Expression | undefined;
    }
  | { readonly kind: 'set'; readonly names: readonly string[]; readonly value: Expression }
  | {
      readonly kind: 'if';
      readonly branches: readonly { readonly condition: Expression; readonly body: Script }[];
      readonly otherwise: Script;
    }
  /** LOOP, WHILE (`before`) and REPEAT (`after` ends it). */
  | {
      readonly kind: 'loop';
      readonly before: Expression | undefined;
      readonly body: Script;
      readonly after: Expression | undefined;
    }
  | { readonly kind: 'for'; readonly name: string; readonly query: Query; readonly body: Script }
  | { readonly kind: 'block'; readonly body: Script; readonly handler: Script | undefined }
  | { readonly kind: 'break' | 'continue' | 'return' }
  | { readonly kind: 'raise'; readonly message: Expression | undefined }
  | { readonly kind: 'assert'; readonly test: Expression; readonly message: string }
  | {
      readonly kind: 'execute';
      readonly sql: Expression;
      readonly into: readonly string[];
      readonly using: readonly { readonly name: string | undefined; readonly value: Expression }[];
    }
  | {
      readonly kind: 'function';
      readonly path: readonly string[];
      readonly parameters: readonly { readonly name: string; readonly type: TypeName | undefined }[];
      readonly returns: TypeName | undefined;
      readonly body: Expression;
    };

export type Script = readonly ScriptStatement[];
