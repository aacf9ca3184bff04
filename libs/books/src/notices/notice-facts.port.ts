import type { Fact } from './notice.js';

/** One source of facts, independent of the others. */
export interface FactSource {
  /** Facts that are still news. @throws CloudError */
  read(span: FactSpan): Promise<readonly Fact[]>;
}

export interface FactSpan {
  readonly now: Date;
  /** Waiting values published before this are not looked for. */
  readonly publishedSince: Date;
  /** Ids of facts that were reported, so that memory holds only the others. */
  readonly reported: ReadonlySet<string>;
}
