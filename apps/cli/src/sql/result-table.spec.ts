import { describe, expect, it } from '@jest/globals';
import { renderRows, toCsv } from './result-table.js';

const ROWS = [
  { name: 'a,b', n: 1, item: { sku: 's' }, list: [1, 2] },
  { name: 'say "x"\n', n: null, item: null, list: [] },
  { name: '', n: 12, item: null, list: [] },
];

describe('renderRows', () => {
  it('aligns columns, writes nested values as JSON and NULL as a dash', () => {
    expect(renderRows(ROWS).split('\n')).toEqual([
      'name        n  item         list',
      'a,b         1  {"sku":"s"}  [1,2]',
      String.raw`say "x"\n   –  –            []`,
      '           12  –            []',
    ]);
  });

  it('says that there are no rows', () => {
    expect(renderRows([])).toBe('No rows.');
  });
});

describe('toCsv', () => {
  it('quotes what RFC 4180 asks for, and keeps NULL apart from empty text', () => {
    expect(toCsv(ROWS)).toBe(
      ['name,n,item,list', '"a,b",1,"{""sku"":""s""}","[1,2]"', '"say ""x""\n",,,[]', '"",12,,[]'].join('\n'),
    );
  });
});
