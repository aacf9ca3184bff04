/** Bytes that one approval of a table would process; both figures are null if unknown, with the reason. */
export interface PendingCost {
  readonly table: string;
  readonly days: number | null;
  readonly bytes: number | null;
  readonly unknown: string | null;
}

/** Estimates what an approval costs in each of some tables. Never fails. */
export type EstimateCosts = (tables: readonly string[]) => Promise<readonly PendingCost[]>;

interface KnownCost {
  readonly cost: PendingCost;
  readonly atMs: number;
}

/** Age from which a cost is estimated again. */
const MAX_AGE_MS = 300_000;

/**
 * Keeps the estimated cost of an approval for each table of a list, so that the list is answered without waiting for dry runs.
 *
 * `of(['orders'])` → `[{table: 'orders', days: 2, bytes: 4096, unknown: null}]`; a table without an estimate has the reason.
 * Costs are at most five minutes old when {@link update} has ended. Tables that left the list are forgotten.
 */
export class PendingCosts {
  readonly #known = new Map<string, KnownCost>();
  #last: readonly PendingCost[] = [];
  #estimating: Promise<void> | null = null;

  constructor(private readonly estimate: EstimateCosts) {}

  /** The same array as long as nothing changed. */
  of(tables: readonly string[]): readonly PendingCost[] {
    const costs = tables.map((table) => this.#known.get(table)?.cost ?? notYet(table));
    const isSame =
      costs.length === this.#last.length && costs.every((cost, at) => sameCost(cost, this.#last[at]));
    if (!isSame) this.#last = costs;
    return this.#last;
  }

  /** Estimates what is missing or old; one estimate at a time. Never fails. */
  update(tables: readonly string[]): Promise<void> {
    for (const table of this.#known.keys()) if (!tables.includes(table)) this.#known.delete(table);
    const wanted = tables.filter((table) => this.#isOld(table));
    if (wanted.length === 0) return Promise.resolve();
    this.#estimating ??= this.#estimate(wanted).finally(() => {
      this.#estimating = null;
    });
    return this.#estimating;
  }

  #isOld(table: string): boolean {
    const known = this.#known.get(table);
    return known === undefined || Date.now() - known.atMs >= MAX_AGE_MS;
  }

  async #estimate(tables: readonly string[]): Promise<void> {
    for (const cost of await this.estimate(tables)) this.#known.set(cost.table, { cost, atMs: Date.now() });
  }
}

function notYet(table: string): PendingCost {
  return { table, days: null, bytes: null, unknown: 'not estimated yet: ask again' };
}

function sameCost(left: PendingCost, right: PendingCost | undefined): boolean {
  return (
    left.table === right?.table &&
    left.days === right.days &&
    left.bytes === right.bytes &&
    left.unknown === right.unknown
  );
}
