/** DuckDB macros for functions of GoogleSQL that DuckDB has not, or has with another meaning. */
export const MACROS: readonly string[] = [];
