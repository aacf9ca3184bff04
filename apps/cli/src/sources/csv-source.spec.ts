import { describe, expect, it } from '@jest/globals';
import { csvEvents, csvKinds } from './csv-source.js';

async function* chunksOf(text: string): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(text);
  for (let start = 0; start < bytes.length; start += 11)
    yield await Promise.resolve(bytes.subarray(start, start + 11));
}

async function eventsOf(text: string, textColumns: readonly string[] = []): Promise<string[]> {
  const kinds = await csvKinds('f.csv', chunksOf(text), { textColumns });
  const events: string[] = [];
  for await (const { bytes } of csvEvents('f.csv', chunksOf(text), kinds)) events.push(bytes.toString());
  return events;
}

describe('csvEvents', () => {
  it('makes one event of each record, with the names of the head', async () => {
    const text = '\ufeffid,full name,ok\r\n1,"Miller, ""Jo""",true\r\n\r\n2,"two\nlines",FALSE\r\n';

    expect(await eventsOf(text)).toEqual([
      String.raw`{"id":1,"full name":"Miller, \"Jo\"","ok":true}`,
      String.raw`{"id":2,"full name":"two\nlines","ok":false}`,
    ]);
  });

  it.each([
    ['semicolons', 'a;b\n1,5;x\n', ['{"a":"1,5","b":"x"}']],
    ['tabs', 'a\tb\n1\tx\n', ['{"a":1,"b":"x"}']],
  ])('finds %s between cells', async (_what, text, expected) => {
    expect(await eventsOf(text)).toEqual(expected);
  });

  it('reads a column as numbers only if every cell is one, and leaves the digits as they are', async () => {
    expect(await eventsOf('n,zip,code\n1.10,01234,1e5\n-20,12345,7\n')).toEqual([
      '{"n":1.10,"zip":"01234","code":"1e5"}',
      '{"n":-20,"zip":"12345","code":"7"}',
    ]);
  });

  it('leaves out empty cells, and keeps an empty text that is in quotes', async () => {
    expect(await eventsOf('a,b,c\n1,,""\n,x,y\n')).toEqual(['{"a":1,"c":""}', '{"b":"x","c":"y"}']);
  });

  it('keeps named columns as text', async () => {
    expect(await eventsOf('zip,n\n12345,1\n', ['zip'])).toEqual(['{"zip":"12345","n":1}']);
  });

  it.each([
    ['a record of another length', 'a,b\n1\n', /f\.csv is no CSV: .*line 2/],
    ['a quote that is not closed', 'a,b\n"1,2\n', /f\.csv is no CSV: /],
    ['a column without a name', 'a,\n1,2\n', /column 2 has no name/],
    ['a name that is there twice', 'a,b,a\n1,2,3\n', /two columns have the name a/],
  ])('refuses %s', async (_what, text, message) => {
    await expect(eventsOf(text)).rejects.toThrow(message);
  });
});
