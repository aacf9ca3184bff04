import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

/** A refusal, as Google's interfaces answer it. */
export class Refusal extends Error {
  constructor(
    readonly code: number,
    readonly status: string,
    message: string,
    readonly details: readonly object[] = [],
  ) {
    super(message);
  }
}

interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema;
}

interface RawMethod {
  readonly id: string;
  readonly path: string;
  readonly flatPath?: string;
  readonly httpMethod: string;
  readonly request?: { readonly $ref: string };
  readonly response?: { readonly $ref: string };
}

interface RawResource {
  readonly methods?: Readonly<Record<string, RawMethod>>;
  readonly resources?: Readonly<Record<string, RawResource>>;
}

interface RawDocument extends RawResource {
  readonly rootUrl: string;
  readonly servicePath: string;
  readonly schemas: Readonly<Record<string, Schema>>;
}

/** A method of an interface that a request was matched to. */
export interface Method {
  /** Id in the discovery document: `pubsub.projects.topics.create`. */
  readonly id: string;
  readonly httpMethod: string;
  readonly pattern: RegExp;
  readonly request: string | undefined;
  readonly document: RawDocument;
}

/** Interfaces by host, from Google's own discovery documents. */
export interface Discovery {
  /** The method of a request, or undefined where the host has none. */
  match(host: string, httpMethod: string, path: string): Method | undefined;
  /** Refuses a body with a field or an enum value that the method's schema lacks. */
  validate(method: Method, body: unknown): void;
}

function methodsOf(resource: RawResource): readonly RawMethod[] {
  return [
    ...Object.values(resource.methods ?? {}),
    ...Object.values(resource.resources ?? {}).flatMap(methodsOf),
  ];
}

function toPattern(path: string): RegExp {
  const escaped = path.replace(/[.*+?^$()|[\]\\]/g, '\\$&');
  return new RegExp(`^/${escaped.replace(/\{\\\+\w+\}/g, '(.+)').replace(/\{\w+\}/g, '([^/]+?)')}$`);
}

function readDocument(path: string): readonly [string, readonly Method[]] {
  const document = JSON.parse(readFileSync(path, 'utf8')) as RawDocument;
  const methods = methodsOf(document).flatMap((method) =>
    [...new Set([method.flatPath, method.path])]
      .filter((known) => known !== undefined)
      .map((known) => ({
        id: method.id,
        httpMethod: method.httpMethod,
        pattern: toPattern(document.servicePath + known),
        request: method.request?.$ref,
        document,
      })),
  );
  return [new URL(document.rootUrl).host, methods];
}

function checkEnum(schema: Schema, value: unknown, path: string): void {
  if (schema.enum === undefined || typeof value !== 'string' || schema.enum.includes(value)) return;
  throw new Refusal(400, 'INVALID_ARGUMENT', `Invalid value at '${path}' (TYPE_ENUM), "${value}"`);
}

function check(document: RawDocument, schema: Schema | undefined, value: unknown, path: string): void {
  if (schema === undefined || value === null || value === undefined) return;
  if (schema.$ref !== undefined) {
    check(document, document.schemas[schema.$ref], value, path);
    return;
  }
  checkEnum(schema, value, path);
  if (Array.isArray(value)) {
    value.forEach((item, index) => {
      check(document, schema.items, item, `${path}[${index}]`);
    });
    return;
  }
  if (typeof value !== 'object') return;
  for (const [name, part] of Object.entries(value)) {
    const known = schema.properties?.[name] ?? schema.additionalProperties;
    if (known === undefined && schema.properties !== undefined) {
      throw new Refusal(
        400,
        'INVALID_ARGUMENT',
        `Invalid JSON payload received. Unknown name "${name}" at '${path}': Cannot find field.`,
      );
    }
    check(document, known, part, path === '' ? name : `${path}.${name}`);
  }
}

/** Longer patterns first: `locations/x/triggers/y` before a greedy `{+name}`. */
function specificity(method: Method): number {
  return method.pattern.source.replaceAll('(.+)', '').replaceAll('([^/]+?)', '').length;
}

/** Reads the documents in a folder (`pubsub.v1.json`, …). */
export function readDiscovery(folder: string): Discovery {
  const hosts = new Map<string, Method[]>();
  for (const file of globSync('*.json', { cwd: folder }).map((path) => basename(path))) {
    const [host, methods] = readDocument(join(folder, file));
    hosts.set(
      host,
      [...(hosts.get(host) ?? []), ...methods].sort((a, b) => specificity(b) - specificity(a)),
    );
  }
  return {
    match: (host, httpMethod, path) =>
      hosts.get(host)?.find((method) => method.httpMethod === httpMethod && method.pattern.test(path)),
    validate: (method, body) => {
      if (method.request === undefined) return;
      check(method.document, method.document.schemas[method.request], body, '');
    },
  };
}

/** True if a folder holds the documents. */
export function hasDiscovery(folder: string): boolean {
  return existsSync(join(folder, 'pubsub.v1.json'));
}
