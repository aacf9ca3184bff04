import { describe, expect, it } from '@jest/globals';
import protobuf from 'protobufjs';
import type { Field } from '../bigquery/rules/field-schema.js';
import type { RowField } from './row-descriptor.js';
import { compileProtoRows } from './row-reader.js';

const column = (type: Field['type'], mode: Field['mode'] = 'NULLABLE'): Field => ({ name: 'x', type, mode });

function read(type: RowField['type'], stored: Field, write: (writer: protobuf.Writer) => void): unknown {
  const writer = protobuf.Writer.create();
  write(writer);
  const rowField: RowField = { number: 1, column: 'x', type, isRepeated: stored.mode === 'REPEATED' };
  return compileProtoRows([rowField], [stored], [stored])(writer.finish(), { ignoreUnknown: false });
}

const VARINT = 8;
const FIXED_64 = 9;
const LENGTH_DELIMITED = 10;
const FIXED_32 = 13;

describe('compileProtoRows', () => {
  it.each<[string, RowField['type'], Field, (writer: protobuf.Writer) => void]>([
    ['text for an integer', 'int64', column('INTEGER'), (w) => w.uint32(LENGTH_DELIMITED).string('12')],
    ['a varint for text', 'string', column('STRING'), (w) => w.uint32(VARINT).uint32(3)],
    ['a fixed number for a varint', 'int64', column('INTEGER'), (w) => w.uint32(FIXED_64).fixed64(7)],
    ['a short float for a double', 'double', column('FLOAT'), (w) => w.uint32(FIXED_32).float(1.5)],
    ['a varint for a double', 'double', column('FLOAT'), (w) => w.uint32(VARINT).uint32(1)],
    [
      'packed numbers for one number',
      'int64',
      column('INTEGER'),
      (w) => w.uint32(LENGTH_DELIMITED).bytes(Uint8Array.of(1, 2)),
    ],
  ])('refuses %s', (_name, type, stored, write) => {
    expect(read(type, stored, write)).toEqual({
      kind: 'refused',
      errors: [expect.objectContaining({ message: expect.stringMatching(/field x has wire type/) })],
    });
  });

  it.each<[string, RowField['type'], Field, (writer: protobuf.Writer) => void, unknown]>([
    ['a varint', 'int64', column('INTEGER'), (w) => w.uint32(VARINT).int64(-1), -1n],
    ['a fixed number', 'sfixed64', column('INTEGER'), (w) => w.uint32(FIXED_64).sfixed64(7), 7n],
    ['a double', 'double', column('FLOAT'), (w) => w.uint32(FIXED_64).double(1.5), 1.5],
    [
      'packed numbers',
      'int64',
      column('INTEGER', 'REPEATED'),
      (w) => w.uint32(LENGTH_DELIMITED).bytes(Uint8Array.of(1, 2)),
      [1n, 2n],
    ],
    ['numbers one by one', 'int64', column('INTEGER', 'REPEATED'), (w) => w.uint32(VARINT).int64(3), [3n]],
  ])('reads %s', (_name, type, stored, write, cell) => {
    expect(read(type, stored, write)).toEqual({ kind: 'row', cells: [cell] });
  });
});
