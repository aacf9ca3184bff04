import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import protobuf from 'protobufjs';

const require = createRequire(import.meta.url);

/** The protocol description that the official client carries with it (google.pubsub.v1, google.iam.v1). */
const root = protobuf.Root.fromJSON(
  require(
    join(dirname(require.resolve('@google-cloud/pubsub')), '..', 'protos', 'protos.json'),
  ) as protobuf.INamespace,
).resolveAll();

/** A message type, by its name in `google.pubsub.v1`, and the JSON form it has here. */
export interface ProtoType<T> {
  readonly type: protobuf.Type;
  /** Never set; carries the JSON form for the compiler. */
  readonly form?: T;
}

export function protoType<T>(name: string): ProtoType<T> {
  return { type: root.lookupType(`google.pubsub.v1.${name}`) };
}

export function protoService(name: 'Publisher' | 'Subscriber'): protobuf.Service {
  return root.lookupService(`google.pubsub.v1.${name}`);
}
