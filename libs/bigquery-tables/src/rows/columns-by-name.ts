/** Columns by their lower-case names: BigQuery compares names without case, and a table has up to 10,000 columns. */
export function columnsByName<Named extends { readonly name: string }>(
  columns: readonly Named[],
): Map<string, Named> {
  return new Map(columns.map((column) => [column.name.toLowerCase(), column]));
}
