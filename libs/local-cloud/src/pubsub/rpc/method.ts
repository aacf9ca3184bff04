import type { Broker } from '../broker/broker.js';
import type { Registry } from '../broker/registry.js';
import { checkProject } from '../resources/names.js';
import { protoType, type ProtoType } from '../wire/protos.js';

/** An RPC of the control plane in JSON form: the same behind gRPC and REST. */
export interface Method {
  readonly request: ProtoType<unknown>;
  readonly response: ProtoType<unknown>;
  /** Takes the JSON form of `request`. */
  readonly handle: (broker: Broker, request: never) => unknown;
}

export type Methods = Readonly<Record<string, Method>>;

export interface ListRequest {
  readonly project?: string;
  readonly pageSize?: number;
  readonly pageToken?: string;
}

/** Type of empty messages; every empty protobuf message is the same zero bytes. */
export const EMPTY = protoType<Readonly<Record<string, never>>>('SeekResponse');

export function method<Response>(
  request: string,
  response: ProtoType<Response>,
  handle: (broker: Broker, request: never) => Response,
): Method {
  return { request: protoType(request), response, handle };
}

export function resourcesOf<T extends { readonly name: string }>(
  registry: Registry<{ readonly resource: T }>,
  request: ListRequest,
): T[] {
  return registry.ofProject(checkProject(request.project)).map(({ resource }) => resource);
}

export function namesOf(items: Iterable<{ readonly resource: { readonly name: string } }>): string[] {
  return [...items].map(({ resource }) => resource.name);
}
