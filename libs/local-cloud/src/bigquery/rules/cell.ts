/**
 * A value of a column, free of JSON and of the storage engine.
 *
 * Shape by type: INTEGER, NUMERIC (×10^9), BIGNUMERIC (×10^38), TIME, DATETIME, TIMESTAMP (microseconds) → bigint;
 * DATE (days since 1970-01-01), FLOAT → number; STRING, JSON (its text), GEOGRAPHY → string; BYTES → Uint8Array;
 * RECORD → cells in the order of its fields; REPEATED → the elements.
 */
export type Cell = null | boolean | bigint | number | string | Uint8Array | readonly Cell[];
