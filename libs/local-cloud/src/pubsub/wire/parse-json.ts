import protobuf from 'protobufjs';
import { isJsonObject, type Json, type JsonObject } from './json.js';
import type { ProtoType } from './protos.js';
import { invalidArgument } from './status.js';
import { parseDuration, parseTimestamp } from './times.js';

const BASE64 = /^[A-Za-z0-9+/_-]*={0,2}$/;

/**
 * Check a JSON body against its message type and bring it to one form.
 *
 * Shape: keys in either spelling → camelCase; int64 → decimal text; enums → names; nulls left out.
 * Errors: INVALID_ARGUMENT for unknown names and wrong kinds, worded as Google's JSON front end does.
 * Source: https://protobuf.dev/programming-guides/json/, read 2026-11-22.
 */
export function parseJson<T>(form: ProtoType<T>, value: Json): T {
  return parseMessage(form.type, value, '') as T;
}

function refuse(path: string, problem: string): never {
  throw invalidArgument(`Invalid JSON payload received. ${problem} at '${path === '' ? 'root' : path}'.`);
}

function parseMessage(type: protobuf.Type, value: Json, path: string): JsonObject {
  if (!isJsonObject(value)) refuse(path, `Expected an object for ${type.name}`);
  const parsed: Record<string, Json> = {};
  for (const [key, child] of Object.entries(value)) {
    if (child === null || child === undefined) continue;
    const field = type.fields[key] ?? type.fields[protobuf.util.camelCase(key)];
    if (field === undefined) refuse(path, `Unknown name "${key}": Cannot find field`);
    parsed[field.name] = parseField(field, child, path === '' ? key : `${path}.${key}`);
  }
  return parsed;
}

function parseField(field: protobuf.Field, value: Json, path: string): Json {
  if (field instanceof protobuf.MapField) {
    if (!isJsonObject(value)) refuse(path, 'Expected a map');
    return Object.fromEntries(
      Object.entries(value).map(([key, child]) => [key, parseOne(field, child ?? null, `${path}.${key}`)]),
    );
  }
  if (!field.repeated) return parseOne(field, value, path);
  if (!Array.isArray(value)) refuse(path, 'Expected a list');
  return value.map((item: Json, index) => parseOne(field, item, `${path}[${index}]`));
}

function parseOne(field: protobuf.Field, value: Json, path: string): Json {
  const type = field.resolvedType;
  if (type instanceof protobuf.Enum) return parseEnum(type, value, path);
  if (type instanceof protobuf.Type) return parseKnownMessage(type, value, path);
  return parseScalar(field.type, value, path);
}

function parseKnownMessage(type: protobuf.Type, value: Json, path: string): Json {
  switch (type.fullName) {
    case '.google.protobuf.Duration':
      parseDuration(expectText(value, path));
      return value;
    case '.google.protobuf.Timestamp':
      parseTimestamp(expectText(value, path));
      return value;
    case '.google.protobuf.FieldMask':
      return expectText(value, path);
    default:
      return parseMessage(type, value, path);
  }
}

function parseEnum(type: protobuf.Enum, value: Json, path: string): string {
  if (typeof value === 'string' && value in type.values) return value;
  const name = typeof value === 'number' ? type.valuesById[value] : undefined;
  return name ?? refuse(path, `Invalid value for enum ${type.name}`);
}

function expectText(value: Json, path: string): string {
  return typeof value === 'string' ? value : refuse(path, 'Expected a string');
}

function parseScalar(type: string, value: Json, path: string): Json {
  switch (type) {
    case 'string':
      return expectText(value, path);
    case 'bytes':
      return BASE64.test(expectText(value, path)) ? value : refuse(path, 'Base64 decoding failed');
    case 'bool':
      return typeof value === 'boolean' ? value : refuse(path, 'Expected true or false');
    case 'int32':
      return parseInteger(value, path, 0x7fffffff);
    case 'int64':
      return String(parseInteger(value, path, Number.MAX_SAFE_INTEGER));
    default:
      return refuse(path, `Values of type ${type} are not supported`);
  }
}

function parseInteger(value: Json, path: string, limit: number): number {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isInteger(number) || Math.abs(number) > limit) {
    refuse(path, 'Expected an integer');
  }
  return number;
}
