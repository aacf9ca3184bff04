import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import protobuf from 'protobufjs';

const require = createRequire(import.meta.url);
const PACKAGE = 'google.cloud.bigquery.storage.v1';

/** The protocol description that the official client carries with it. */
const root = protobuf.Root.fromJSON(
  require(
    join(dirname(require.resolve('@google-cloud/bigquery-storage')), '..', 'protos', 'protos.json'),
  ) as protobuf.INamespace,
).resolveAll();

/** A message type of `google.cloud.bigquery.storage.v1`. */
export function protoType(name: string): protobuf.Type {
  return root.lookupType(`${PACKAGE}.${name}`);
}

/** The service that writes rows. */
export function writeService(): protobuf.Service {
  return root.lookupService(`${PACKAGE}.BigQueryWrite`);
}

/** Under this key a decoded FieldOptions has the column's name where the field's own name cannot be it. */
export const COLUMN_NAME_OPTION = `.${PACKAGE}.columnName`;
