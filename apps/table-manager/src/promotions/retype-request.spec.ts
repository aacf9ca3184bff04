import { describe, expect, it } from '@jest/globals';
import { RequestFailure } from '@pipeline/platform';
import { parseRetypeCall } from './retype-request.js';

const parse = (text: string): unknown => parseRetypeCall(Buffer.from(text));

describe('parseRetypeCall', () => {
  it('reads a wish', () => {
    expect(parse('{"table":"orders","column":"items.price","type":"numeric"}')).toEqual({
      table: 'orders',
      column: 'items.price',
      wish: { path: ['items', 'price'], type: 'NUMERIC', isRepeated: false, numbersAsText: false },
      dryRun: false,
    });
    expect(
      parse('{"table":"t","column":"a","type":"ARRAY<STRING>","numbersAsText":true,"dryRun":true}'),
    ).toMatchObject({ wish: { isRepeated: true, numbersAsText: true }, dryRun: true });
  });

  it.each([
    ['nothing', '', ['table', 'column', 'type']],
    ['no JSON', '{', ['']],
    ['an unknown type', '{"table":"t","column":"a","type":"GEOGRAPHY"}', ['type']],
    ['an empty column', '{"table":"t","column":"","type":"JSON"}', ['column']],
    [
      'numbers as text in JSON',
      '{"table":"t","column":"a","type":"JSON","numbersAsText":true}',
      ['numbersAsText'],
    ],
    [
      'flags that are texts',
      '{"table":"t","column":"a","type":"STRING","numbersAsText":"yes","dryRun":"no"}',
      ['numbersAsText', 'dryRun'],
    ],
    ['an unknown field', '{"table":"t","column":"a","type":"JSON","path":"a"}', ['path']],
  ])('refuses %s, naming it', (_name, text, fields) => {
    const failure = (() => {
      try {
        return parse(text);
      } catch (error) {
        return error;
      }
    })();

    expect(failure).toBeInstanceOf(RequestFailure);
    expect((failure as RequestFailure).body.error.fields?.map(({ field }) => field)).toEqual(fields);
  });
});
