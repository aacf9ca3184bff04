import { factId, toNotice, type Fact, type Notice, type NoticeSource, type NoticeType } from './notice.js';

/** Facts of one notice; those beyond are in the next one of their cause. */
export const MAX_FACTS = 1_000;
/** New notices of one run; the rest is left to the next run. */
const MAX_NOTICES = 500;

/** Notices that were recorded earlier. */
export interface Recorded {
  /** Ids of the facts that they report. */
  readonly facts: ReadonlySet<string>;
  /** The newest notice of each cause ({@link causeOf}), in milliseconds. */
  readonly lastAtMs: ReadonlyMap<string, number>;
}

/** A notice with the ids of its facts. */
export interface NewNotice {
  readonly notice: Notice;
  readonly facts: readonly string[];
}

export interface ChooseOptions extends NoticeSource {
  readonly now: Date;
  /** Shortest time between two notices of one cause, in milliseconds. */
  readonly pauseMs: number;
}

/** The cause of a fact as one text. */
export function causeOf({
  type,
  table,
}: {
  readonly type: NoticeType;
  readonly table: string | null;
}): string {
  return `${type}/${table ?? ''}`;
}

/**
 * Returns the notices that are due: one for each cause with facts that no recorded notice reports.
 *
 * A cause whose last notice is younger than `pauseMs` waits: its facts stay unreported, and the first run after the pause reports
 * all of them at once.
 */
export function chooseNotices(
  facts: readonly Fact[],
  recorded: Recorded,
  { now, pauseMs, ...source }: ChooseOptions,
): readonly NewNotice[] {
  const causes = new Map<string, Map<string, Fact>>();
  for (const fact of facts) {
    const id = factId(fact);
    if (recorded.facts.has(id)) continue;
    const cause = causeOf(fact);
    const lastAtMs = recorded.lastAtMs.get(cause) ?? -Infinity;
    if (now.getTime() - lastAtMs < pauseMs) continue;
    const found = causes.get(cause) ?? new Map<string, Fact>();
    if (found.size < MAX_FACTS) causes.set(cause, found.set(id, fact));
  }
  return [...causes.values()].slice(0, MAX_NOTICES).flatMap((found) => {
    const [first, ...others] = [...found.values()];
    if (first === undefined) return [];
    return [{ notice: toNotice([first, ...others], now, source), facts: [...found.keys()] }];
  });
}
