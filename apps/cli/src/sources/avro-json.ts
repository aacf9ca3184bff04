/** A schema of the Avro specification as JSON: a name, a union, or a type with its attributes. */
export type AvroSchema = string | readonly AvroSchema[] | AvroType;

export interface AvroType {
  readonly type: AvroSchema;
  readonly name?: string;
  readonly namespace?: string;
  readonly logicalType?: string;
  readonly sqlType?: string;
  readonly scale?: number;
  readonly fields?: readonly { readonly name: string; readonly type: AvroSchema }[];
  readonly items?: AvroSchema;
  readonly values?: AvroSchema;
}

/** Writes a value as JSON text. */
type Write = (value: unknown) => string;

/** Named types so far by full name, and the namespace around. */
interface Scope {
  readonly named: Map<string, Write>;
  readonly namespace: string;
}

/**
 * Returns a writer of JSON for the values of an Avro schema, as avsc decodes them with wrapped unions and longs as BigInt.
 *
 * Shape: numbers keep every digit (`long`, `decimal`), dates and times become RFC 3339 text, bytes base64, an enum its symbol,
 * a map an object. NaN and infinities, which JSON does not have, become their names as text.
 * Source: Apache Avro 1.12 specification, logical types, read 2026-11-29.
 */
export function jsonWriter(schema: AvroSchema): Write {
  return compile(schema, { named: new Map(), namespace: '' });
}

function compile(schema: AvroSchema, scope: Scope): Write {
  if (typeof schema === 'string') return ofName(schema, scope);
  if (isUnion(schema)) return unionWriter(schema, scope);
  const { type } = schema;
  if (typeof type !== 'string') return compile(type, scope);
  switch (type) {
    case 'record':
    case 'error':
      return recordWriter(schema, scope);
    case 'array': {
      const item = compile(schema.items ?? 'null', scope);
      return (value) => `[${(value as readonly unknown[]).map(item).join(',')}]`;
    }
    case 'map': {
      const member = compile(schema.values ?? 'null', scope);
      return (value) =>
        `{${Object.entries(value as object)
          .map(([key, one]) => `${JSON.stringify(key)}:${member(one)}`)
          .join(',')}}`;
    }
    case 'enum':
      return remember(schema, scope, text);
    case 'fixed':
      return remember(schema, scope, schema.logicalType === 'decimal' ? decimal(schema.scale) : base64);
    default:
      return logical(schema) ?? ofName(type, scope);
  }
}

function isUnion(schema: AvroSchema): schema is readonly AvroSchema[] {
  return Array.isArray(schema);
}

function ofName(name: string, { named, namespace }: Scope): Write {
  switch (name) {
    case 'null':
      return () => 'null';
    case 'boolean':
    case 'int':
    case 'long':
      return String;
    case 'float':
    case 'double':
      return (value) => (Number.isFinite(value) ? JSON.stringify(value) : JSON.stringify(String(value)));
    case 'bytes':
      return base64;
    case 'string':
      return text;
    default:
      // A type may name itself, so that it is looked up when a value is written.
      return (value) => (named.get(name) ?? named.get(`${namespace}.${name}`) ?? text)(value);
  }
}

/** Null for a type without a logical type that JSON text shows otherwise. */
function logical({ type, logicalType, sqlType, scale }: AvroType): Write | null {
  if (type === 'string' && sqlType === 'JSON') return String;
  switch (logicalType) {
    case 'decimal':
      return decimal(scale);
    case 'date':
      return (value) => JSON.stringify(new Date(Number(value) * 86_400_000).toISOString().slice(0, 10));
    case 'time-millis':
      return (value) => JSON.stringify(instant(BigInt(value as number | bigint) * 1_000n).slice(11));
    case 'time-micros':
      return (value) => JSON.stringify(instant(BigInt(value as number | bigint)).slice(11));
    case 'timestamp-millis':
      return (value) => JSON.stringify(`${instant(BigInt(value as number | bigint) * 1_000n)}Z`);
    case 'timestamp-micros':
      return (value) => JSON.stringify(`${instant(BigInt(value as number | bigint))}Z`);
    case 'local-timestamp-millis':
      return (value) => JSON.stringify(instant(BigInt(value as number | bigint) * 1_000n));
    case 'local-timestamp-micros':
      return (value) => JSON.stringify(instant(BigInt(value as number | bigint)));
    case undefined:
    default:
      return null;
  }
}

function unionWriter(branches: readonly AvroSchema[], scope: Scope): Write {
  const writers = new Map(branches.map((branch) => [branchName(branch, scope), compile(branch, scope)]));
  return (value) => {
    if (value === null) return 'null';
    const [[name, inner] = ['', null]] = Object.entries(value as object) as [string, unknown][];
    return (writers.get(name) ?? text)(inner);
  };
}

/** The name under which avsc wraps a branch of a union. */
function branchName(schema: AvroSchema, { namespace }: Scope): string {
  if (typeof schema === 'string') return isPrimitive(schema) ? schema : fullName(schema, namespace);
  if (isUnion(schema)) return '';
  const { type, name } = schema;
  if (name !== undefined) return fullName(name, schema.namespace ?? namespace);
  return typeof type === 'string' ? type : branchName(type, { named: new Map(), namespace });
}

const PRIMITIVES = ['null', 'boolean', 'int', 'long', 'float', 'double', 'bytes', 'string'];

function isPrimitive(name: string): boolean {
  return PRIMITIVES.includes(name);
}

function fullName(name: string, namespace: string): string {
  return name.includes('.') || namespace === '' ? name : `${namespace}.${name}`;
}

function recordWriter(schema: AvroType, scope: Scope): Write {
  const full = fullName(schema.name ?? '', schema.namespace ?? scope.namespace);
  const inner = { ...scope, namespace: full.includes('.') ? full.slice(0, full.lastIndexOf('.')) : '' };
  const fields: { readonly key: string; readonly name: string; readonly write: Write }[] = [];
  const write = remember(schema, scope, (value) => {
    const record = value as Readonly<Record<string, unknown>>;
    return `{${fields.map((field) => `${field.key}:${field.write(record[field.name])}`).join(',')}}`;
  });
  for (const { name, type } of schema.fields ?? [])
    fields.push({ key: JSON.stringify(name), name, write: compile(type, inner) });
  return write;
}

function remember({ name = '', namespace }: AvroType, scope: Scope, write: Write): Write {
  scope.named.set(fullName(name, namespace ?? scope.namespace), write);
  return write;
}

function text(value: unknown): string {
  return JSON.stringify(String(value));
}

function base64(value: unknown): string {
  return JSON.stringify(Buffer.from(value as Uint8Array).toString('base64'));
}

/** Two's complement, the most significant byte first. */
function decimal(scale = 0): Write {
  return (value) => {
    const hex = Buffer.from(value as Uint8Array).toString('hex');
    const unscaled = hex === '' ? 0n : BigInt.asIntN(hex.length * 4, BigInt(`0x${hex}`));
    const digits = (unscaled < 0n ? -unscaled : unscaled).toString().padStart(scale + 1, '0');
    const whole = digits.slice(0, digits.length - scale);
    const fraction = scale === 0 ? '' : `.${digits.slice(-scale)}`;
    return `${unscaled < 0n ? '-' : ''}${whole}${fraction}`;
  };
}

/** Microseconds since 1970 as `2026-11-29T10:00:00.000001`. */
export function instant(micros: bigint): string {
  const seconds = micros >= 0n ? micros / 1_000_000n : (micros - 999_999n) / 1_000_000n;
  const fraction = (micros - seconds * 1_000_000n).toString().padStart(6, '0');
  return `${new Date(Number(seconds) * 1_000).toISOString().slice(0, 19)}.${fraction}`;
}
