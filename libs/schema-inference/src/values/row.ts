/** A JSON value in JavaScript. */
export type JsonValue =
  null | boolean | number | string | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/**
 * The event's own columns by name.
 *
 * BOOL boolean · INT64 number when safe, else decimal string · NUMERIC, BIGNUMERIC decimal string · FLOAT64 number ·
 * STRING, DATE, DATETIME, TIMESTAMP string · JSON compact JSON text in a string · RECORD object · REPEATED array.
 */
export type Row = Readonly<Record<string, JsonValue>>;

/** Sets an own property, also one called `__proto__`, which is a valid column name. */
export function setOwn<T>(target: Record<string, T>, name: string, value: T): void {
  if (name === '__proto__') {
    Object.defineProperty(target, name, { value, enumerable: true, writable: true, configurable: true });
  } else {
    target[name] = value;
  }
}
