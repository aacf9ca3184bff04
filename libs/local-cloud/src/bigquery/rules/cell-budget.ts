/**
 * The most cells of one row, those that are NULL included: DuckDB keeps a place for each field of each element of an array of
 * records, about 130 bytes at the peak. That is 40,000 elements with 400 fields, which are 400 KB of JSON if each has one value.
 */
export const MAX_ROW_CELLS = 16_000_000;

/** A row would take more memory than this server gives to one. */
export class CellBudgetExceeded extends Error {
  constructor() {
    super(
      `The row has more than ${MAX_ROW_CELLS} cells: every element of an array of records counts each field of the record.`,
    );
  }
}

/** Counts the cells of one row while it is read, so that a row of a few megabytes cannot become gigabytes. */
export class CellBudget {
  #left = MAX_ROW_CELLS;

  take(cells: number): void {
    this.#left -= cells;
    if (this.#left < 0) throw new CellBudgetExceeded();
  }
}
