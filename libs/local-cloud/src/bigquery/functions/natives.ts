import * as duck from '@duckdb/node-api';

/** A value of a vector as functions get it; records and lists of ANY stay as they are. */
export function fromDuck(value: duck.DuckDBValue): unknown {
  if (value === null || typeof value !== 'object') return value;
  if (value instanceof duck.DuckDBDecimalValue) return value.value;
  if (value instanceof duck.DuckDBBlobValue) return value.bytes;
  if (value instanceof duck.DuckDBDateValue) return value.days;
  if (
    value instanceof duck.DuckDBTimestampTZValue ||
    value instanceof duck.DuckDBTimestampValue ||
    value instanceof duck.DuckDBTimeValue
  )
    return value.micros;
  if (value instanceof duck.DuckDBListValue) return value.items.map(fromDuck);
  return value;
}
