import { Metadata, status, type ServiceError } from '@grpc/grpc-js';
import protobuf from 'protobufjs';
import { PubsubError } from '../wire/status.js';

/** google.rpc.Status with one ErrorInfo, which is where clients look for failures per ack id. */
const ROOT = protobuf.parse(`syntax = "proto3"; package google.rpc;
  message Any { string type_url = 1; bytes value = 2; }
  message Status { int32 code = 1; string message = 2; repeated Any details = 3; }
  message ErrorInfo { string reason = 1; string domain = 2; map<string, string> metadata = 3; }`).root;

/** Any error → what grpc-js sends. */
export function toServiceError(cause: unknown): ServiceError {
  const error = PubsubError.from(cause);
  const code = status[error.status];
  const metadata = new Metadata();
  if (error.ackFailures !== undefined) {
    metadata.set('grpc-status-details-bin', statusDetails(code, error.message, error.ackFailures));
  }
  return Object.assign(new Error(error.message), { code, details: error.message, metadata });
}

function statusDetails(code: number, message: string, failures: Readonly<Record<string, string>>): Buffer {
  const info = ROOT.lookupType('google.rpc.ErrorInfo')
    .encode({ reason: 'INVALID_ACK_ID', domain: 'pubsub.googleapis.com', metadata: failures })
    .finish();
  const details = [{ typeUrl: 'type.googleapis.com/google.rpc.ErrorInfo', value: info }];
  return Buffer.from(ROOT.lookupType('google.rpc.Status').encode({ code, message, details }).finish());
}
