import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type ListEntry, type ListOptions, listPage } from './list-page.js';
import { compareUtf8 } from '../state/names.js';

const SEED = 20261122;
const DEFAULTS: ListOptions = {
  prefix: '',
  delimiter: '',
  includeTrailingDelimiter: false,
  startOffset: '',
  endOffset: '',
  maxResults: 1000,
  pageToken: null,
};

function toEntries(names: readonly string[]): readonly ListEntry[] {
  return [...names].sort(compareUtf8).map((name) => ({ name, generation: 1 }));
}

function listAll(
  entries: readonly ListEntry[],
  options: Partial<ListOptions>,
): [readonly string[], readonly string[]] {
  const items: string[] = [];
  const prefixes: string[] = [];
  let pageToken: string | null = null;
  do {
    const page: ReturnType<typeof listPage<ListEntry>> = listPage(entries, {
      ...DEFAULTS,
      ...options,
      pageToken,
    });
    items.push(...page.items.map((entry) => entry.name));
    prefixes.push(...page.prefixes);
    pageToken = page.nextPageToken;
  } while (pageToken !== null);
  return [items, prefixes];
}

describe('listPage', () => {
  const entries = toEntries(['a', 'a/', 'a/1', 'a/b/2', 'b/', 'c', 'ü', '\u{1f600}']);

  it.each([
    ['everything', {}, [['a', 'a/', 'a/1', 'a/b/2', 'b/', 'c', 'ü', '\u{1f600}'], []]],
    [
      'one level',
      { delimiter: '/' },
      [
        ['a', 'c', 'ü', '\u{1f600}'],
        ['a/', 'b/'],
      ],
    ],
    ['one level below', { delimiter: '/', prefix: 'a/' }, [['a/', 'a/1'], ['a/b/']]],
    [
      'one level with the folders as objects',
      { delimiter: '/', includeTrailingDelimiter: true },
      [
        ['a', 'a/', 'b/', 'c', 'ü', '\u{1f600}'],
        ['a/', 'b/'],
      ],
    ],
    ['from an offset', { startOffset: 'b' }, [['b/', 'c', 'ü', '\u{1f600}'], []]],
    ['to an offset', { endOffset: 'b/' }, [['a', 'a/', 'a/1', 'a/b/2'], []]],
    [
      'a delimiter of two characters',
      { delimiter: 'b/' },
      [
        ['a', 'a/', 'a/1', 'c', 'ü', '\u{1f600}'],
        ['a/b/', 'b/'],
      ],
    ],
    ['a prefix nothing has', { prefix: 'x' }, [[], []]],
  ])('lists %s', (_name, options, expected) => {
    expect(listAll(entries, options)).toEqual(expected);
  });

  it('lists every generation of a name over pages', () => {
    const versions = [1, 2, 3].map((generation) => ({ name: 'v', generation }));
    const first = listPage(versions, { ...DEFAULTS, maxResults: 2 });
    const second = listPage(versions, { ...DEFAULTS, maxResults: 2, pageToken: first.nextPageToken });
    expect([...first.items, ...second.items]).toEqual(versions);
    expect(second.nextPageToken).toBeNull();
  });

  it.each(['', '!', Buffer.from('{}').toString('base64url'), Buffer.from('[1,2]').toString('base64url')])(
    'refuses the page token %j',
    (pageToken) => {
      expect(() => listPage(entries, { ...DEFAULTS, pageToken })).toThrow('page token');
    },
  );

  it(`gives the same over pages as at once (seed ${SEED})`, () => {
    const name = fc.string({ unit: fc.constantFrom('a', 'b', '/', 'ü'), minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(
        fc.uniqueArray(name, { maxLength: 30 }),
        fc.constantFrom('', '/', 'a'),
        fc.constantFrom('', 'a', 'b/'),
        fc.integer({ min: 1, max: 5 }),
        (names, delimiter, prefix, maxResults) => {
          const some = toEntries(names);
          const options = { delimiter, prefix };
          expect(listAll(some, { ...options, maxResults })).toEqual(listAll(some, options));
        },
      ),
      { seed: SEED },
    );
  });
});
