import { isMap, isNode, isPair, isSeq, LineCounter, parseDocument, type Document } from 'yaml';
import type { ContractProblem } from '../model/contract.js';

/** Steps from the root of a document: keys and indexes. */
export type DocumentPath = readonly (string | number)[];

/** A YAML file with its comments, its order and the lines of its nodes. */
export class ContractDocument {
  readonly #document: Document;
  readonly #lines = new LineCounter();

  constructor(
    readonly file: string,
    text: string,
  ) {
    // Keys are unique by default; an alias may not blow up a small file (yaml's limit is 100 by default).
    this.#document = parseDocument(text, { lineCounter: this.#lines, prettyErrors: false });
  }

  /** The document for edits. */
  get document(): Document {
    return this.#document;
  }

  /** Mistakes of YAML's syntax. */
  get problems(): readonly ContractProblem[] {
    return this.#document.errors.map(({ message, pos }) => ({
      file: this.file,
      line: this.#lineAt(pos[0]),
      problem: `The file is not YAML: ${message.replace(/\.$/, '')}`,
      remedy: 'Correct the line; indentation is two spaces and a tab is not allowed',
    }));
  }

  /** The contents as plain values. @throws ReferenceError if an alias expands beyond the limit of the YAML library */
  value(): unknown {
    return this.#document.toJS() as unknown;
  }

  /** The line of a node, from 1; of the nearest node above if there is none. */
  line(path: DocumentPath): number {
    for (let length = path.length; length > 0; length--) {
      const line = this.#ownLine(path.slice(0, length));
      if (line !== null) return line;
    }
    return 1;
  }

  /** The text after edits; comments and order are those of the file. */
  text(): string {
    return this.#document.toString({ lineWidth: 0 });
  }

  #ownLine(path: DocumentPath): number | null {
    const parent: unknown =
      path.length === 1 ? this.#document.contents : this.#document.getIn(path.slice(0, -1), true);
    const last = path.at(-1);
    if (isMap(parent)) {
      const pair = parent.items.find((item) => isPair(item) && String(item.key) === String(last));
      return pair !== undefined && isNode(pair.key) ? this.#lineOf(pair.key.range) : null;
    }
    const node: unknown = isSeq(parent) ? parent.items[Number(last)] : undefined;
    return isNode(node) ? this.#lineOf(node.range) : null;
  }

  #lineOf(range: readonly number[] | null | undefined): number | null {
    const [start] = range ?? [];
    return start === undefined ? null : this.#lineAt(start);
  }

  #lineAt(offset: number): number {
    return Math.max(1, this.#lines.linePos(offset).line);
  }
}
