import protobuf from 'protobufjs';
import { isJsonObject, type Json, type JsonObject } from './json.js';
import type { ProtoType } from './protos.js';
import {
  formatDuration,
  formatTimestamp,
  parseDuration,
  parseTimestamp,
  type SecondsAndNanos,
} from './times.js';

type Fields = Readonly<Record<string, unknown>>;

/** A decoded protobuf message → the JSON form of `parseJson`. */
export function fromMessage<T>(form: ProtoType<T>, message: protobuf.Message): T {
  return toJson(form.type, message as unknown as Fields) as T;
}

function toJson(type: protobuf.Type, message: Fields): JsonObject {
  const json: Record<string, Json> = {};
  for (const field of type.fieldsArray) {
    if (!Object.hasOwn(message, field.name)) continue;
    const value = message[field.name];
    if (value === null || value === undefined || isEmpty(field, value)) continue;
    const one = (item: unknown): Json => oneToJson(field, item);
    if (field instanceof protobuf.MapField) {
      json[field.name] = Object.fromEntries(
        Object.entries(value as Fields).map(([key, item]) => [key, one(item)]),
      );
    } else {
      json[field.name] = Array.isArray(value) ? value.map(one) : one(value);
    }
  }
  return json;
}

/** protobufjs gives every list and map, also those that were not sent. */
function isEmpty(field: protobuf.Field, value: unknown): boolean {
  return (field.repeated || field.map) && Object.keys(value as object).length === 0;
}

function oneToJson(field: protobuf.Field, value: unknown): Json {
  const type = field.resolvedType;
  if (type instanceof protobuf.Enum) return type.valuesById[value as number] ?? String(value);
  if (type instanceof protobuf.Type) return messageToJson(type, value as Fields);
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  return field.type === 'int64' ? String(value) : (value as Json);
}

function secondsAndNanos(value: Fields): SecondsAndNanos {
  return { seconds: Number(value['seconds'] ?? 0), nanos: Number(value['nanos'] ?? 0) };
}

function messageToJson(type: protobuf.Type, value: Fields): Json {
  switch (type.fullName) {
    case '.google.protobuf.Duration':
      return formatDuration(secondsAndNanos(value));
    case '.google.protobuf.Timestamp':
      return formatTimestamp(secondsAndNanos(value));
    case '.google.protobuf.FieldMask':
      return (value['paths'] as readonly string[]).join(',');
    default:
      return toJson(type, value);
  }
}

/** The JSON form → protobuf bytes. */
export function encodeJson<T>(form: ProtoType<T>, json: T): Buffer {
  const writer = form.type.encode(toMessage(form.type, json as JsonObject));
  return Buffer.from(writer.finish());
}

function toMessage(type: protobuf.Type, json: JsonObject): Record<string, unknown> {
  const message: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(json)) {
    const field = type.fields[key];
    if (field === undefined || value === undefined || value === null) continue;
    if (field instanceof protobuf.MapField && isJsonObject(value)) {
      message[key] = Object.fromEntries(
        Object.entries(value).map(([name, item]) => [name, oneToMessage(field, item ?? null)]),
      );
    } else {
      message[key] = Array.isArray(value)
        ? value.map((item: Json) => oneToMessage(field, item))
        : oneToMessage(field, value);
    }
  }
  return message;
}

function oneToMessage(field: protobuf.Field, value: Json): unknown {
  const type = field.resolvedType;
  if (type instanceof protobuf.Enum) return type.values[value as string];
  if (type instanceof protobuf.Type) {
    if (type.fullName === '.google.protobuf.Duration') return parseDuration(value as string);
    if (type.fullName === '.google.protobuf.Timestamp') return parseTimestamp(value as string);
    return toMessage(type, value as JsonObject);
  }
  if (field.type === 'bytes') return Buffer.from(value as string, 'base64');
  return field.type === 'int64' ? Number(value) : value;
}
