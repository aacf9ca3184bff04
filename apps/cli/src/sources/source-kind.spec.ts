import { describe, expect, it } from '@jest/globals';
import { refuseOtherFormats } from './source-kind.js';

describe('refuseOtherFormats', () => {
  it.each([
    ['a Parquet file', 'PAR1\u0015', /f is a Parquet file/],
    ['a ZIP archive', 'PK\u0003\u0004\u0014', /f is a ZIP archive/],
    ['a line of names', 'order_id,total\no-1,5\n', /f looks like CSV/],
    ['names in quotes', '"order id";"total"\n', /f looks like CSV/],
    ['names between tabs', 'a\tb\n', /f looks like CSV/],
    ['an object over several lines', '{\n  "event_type": "order"\n}\n', /jq -c \. f/],
  ])('refuses %s', (_what, head, message) => {
    expect(() => {
      refuseOtherFormats('f', Buffer.from(head, 'latin1'));
    }).toThrow(message);
  });

  it.each([
    '{"a":1}\n',
    '[\n{"a":1}]',
    '  {"a,b":1}',
    'this is no event',
    '{broken',
    '"text"',
    '1,2',
    'null',
    '',
  ])('takes %j: a line that is broken becomes a dead letter', (head) => {
    expect(() => {
      refuseOtherFormats('f', Buffer.from(head));
    }).not.toThrow();
  });
});
