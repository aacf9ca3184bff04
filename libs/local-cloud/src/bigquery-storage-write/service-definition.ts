import type { ServiceDefinition } from '@grpc/grpc-js';
import type protobuf from 'protobufjs';
import { writeService } from './protos.js';

/** The service as grpc-js wants it: paths, and how messages become bytes and back. */
export function writeServiceDefinition(): ServiceDefinition {
  const service = writeService();
  return Object.fromEntries(service.methodsArray.map((rpc) => [rpc.name, methodDefinition(service, rpc)]));
}

function methodDefinition(service: protobuf.Service, rpc: protobuf.Method): ServiceDefinition[string] {
  const { resolvedRequestType: request, resolvedResponseType: response } = rpc;
  if (request === null || response === null) throw new Error(`Unresolved types of ${rpc.name}`);
  const encode = (type: protobuf.Type) => (message: Record<string, unknown>) =>
    Buffer.from(type.encode(type.fromObject(message)).finish());
  return {
    path: `/${service.fullName.slice(1)}/${rpc.name}`,
    requestStream: rpc.requestStream ?? false,
    responseStream: rpc.responseStream ?? false,
    requestSerialize: encode(request),
    requestDeserialize: (bytes) => request.decode(bytes),
    responseSerialize: encode(response),
    responseDeserialize: (bytes) => response.decode(bytes),
  };
}
