import { Client, credentials } from '@grpc/grpc-js';
import protobuf from 'protobufjs';

const METHOD = '/google.cloud.bigquery.storage.v1.BigQueryWrite/AppendRows';
/** The messages of the service as far as this stream uses them; numbers as in google/cloud/bigquery/storage/v1/storage.proto. */
const { root } = protobuf.parse(`syntax = "proto3";
message Field { string name = 1; int32 number = 3; int32 label = 4; int32 type = 5; }
message Descriptor { string name = 1; repeated Field field = 2; }
message Schema { Descriptor proto_descriptor = 1; }
message Rows { repeated bytes serialized_rows = 1; }
message ProtoData { Schema writer_schema = 1; Rows rows = 2; }
message Request { string write_stream = 1; ProtoData proto_rows = 4; }
message Status { int32 code = 1; string message = 2; }
message RowError { int64 index = 1; int32 code = 2; string message = 3; }
message Response { Status error = 2; repeated RowError row_errors = 4; }
message Row { int64 id = 1; string event_type = 2; string text = 3; }`);
const [Request, Response, Row] = ['Request', 'Response', 'Row'].map((name) => root.lookupType(name));
const OPTIONAL = 1;
const [INT64, STRING] = [3, 9];
const DESCRIPTOR = {
  name: 'Row',
  field: [
    { name: 'id', number: 1, label: OPTIONAL, type: INT64 },
    { name: 'event_type', number: 2, label: OPTIONAL, type: STRING },
    { name: 'text', number: 3, label: OPTIONAL, type: STRING },
  ],
};

/** AppendRows on one stream; answers come in the order of the requests. */
export class AppendRowsStream {
  #client;
  #call;
  #name;
  #waiting = [];

  constructor(address, name) {
    this.#name = name;
    this.#client = new Client(address, credentials.createInsecure());
    const encode = (request) => Buffer.from(Request.encode(Request.fromObject(request)).finish());
    this.#call = this.#client.makeBidiStreamRequest(METHOD, encode, (bytes) => Response.decode(bytes));
    this.#call.on('data', (response) => this.#answer(response));
    this.#call.on('error', (error) => {
      for (const { reject } of this.#waiting.splice(0)) reject(error);
    });
  }

  append(rows) {
    const { promise, resolve, reject } = Promise.withResolvers();
    this.#waiting.push({ resolve, reject });
    this.#call.write({
      writeStream: this.#name,
      protoRows: {
        writerSchema: { protoDescriptor: DESCRIPTOR },
        rows: { serializedRows: rows.map((row) => Row.encode(toMessage(row)).finish()) },
      },
    });
    return promise;
  }

  close() {
    this.#call.end();
    this.#client.close();
  }

  #answer(response) {
    const { resolve, reject } = this.#waiting.shift();
    if (response.error || response.rowErrors.length > 0) {
      reject(new Error(response.error?.message ?? response.rowErrors[0].message));
    } else resolve();
  }
}

function toMessage(row) {
  return Row.fromObject({ id: row.id, eventType: row.event_type, text: row.text });
}
