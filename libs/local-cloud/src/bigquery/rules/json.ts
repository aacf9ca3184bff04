import { isJsonObject as isObject } from '../../http/json-object.js';

/** Any JSON object, before its keys are known. */
export type JsonObject = Record<string, unknown>;

export function isJsonObject(value: unknown): value is JsonObject {
  return isObject(value) && !(value instanceof ExactNumber);
}

/** A number of a request whose digits a double would change; `text` is the literal as it came. */
export class ExactNumber {
  constructor(readonly text: string) {}

  toJSON(): unknown {
    return Number(this.text);
  }
}

// A literal of up to 15 significant digits without exponent survives a double.
const NEEDS_CARE = /\d[\d.]{15}|\d[eE][-+]?\d|-0(?![\d])/;
const PLAIN_INTEGER = /^(?:0|-?[1-9]\d{0,14})$/;

type Reviver = (key: string, value: unknown, context: { readonly source?: string }) => unknown;
const parseWithSource = JSON.parse as (text: string, reviver: Reviver) => unknown;

/**
 * `JSON.parse`, with numbers that a double cannot give back digit for digit as {@link ExactNumber}.
 *
 * Shape: `{"a": 9007199254740993, "b": 1.5}` → `{a: ExactNumber("9007199254740993"), b: 1.5}`.
 * Errors: `SyntaxError` as `JSON.parse`.
 */
export function parseJson(text: string): unknown {
  if (!NEEDS_CARE.test(text)) return JSON.parse(text) as unknown;
  return parseWithSource(text, (_key, value, context) => {
    if (typeof value !== 'number' || context.source === undefined) return value;
    const source = context.source;
    return PLAIN_INTEGER.test(source) || String(value) === source ? value : new ExactNumber(source);
  });
}

/** Compact JSON text of a parsed value; exact numbers keep their literal. */
export function toJsonText(value: unknown): string {
  if (value instanceof ExactNumber) return value.text;
  if (Array.isArray(value)) return `[${value.map(toJsonText).join(',')}]`;
  if (isJsonObject(value))
    return `{${Object.entries(value)
      .map(([key, entry]) => `${JSON.stringify(key)}:${toJsonText(entry)}`)
      .join(',')}}`;
  return JSON.stringify(value ?? null);
}

/** The nested object under `key`, or an empty one. */
export function objectAt(value: JsonObject, key: string): JsonObject {
  const entry = value[key];
  return isJsonObject(entry) ? entry : {};
}

/** The string under `key`, or `undefined` when it is anything else. */
export function stringAt(value: JsonObject, key: string): string | undefined {
  const entry = value[key];
  return typeof entry === 'string' ? entry : undefined;
}
