import { describe, expect, it } from '@jest/globals';
import { BigqueryError } from './api-error.js';
import { checkIfMatch, makeEtag } from './etag.js';

describe('makeEtag', () => {
  it('is another one for each version', () => {
    const etags = Array.from({ length: 20_000 }, (_, version) => makeEtag('t', String(version)));

    expect(new Set(etags).size).toBe(etags.length);
  });

  it('is always matched by itself, bare and quoted, also where one would begin like a weak one', () => {
    for (let version = 0; version < 20_000; version += 1) {
      const etag = makeEtag('t', String(version));

      checkIfMatch(etag, etag);
      checkIfMatch(`"${etag}"`, etag);
      checkIfMatch(`W/"${etag}"`, etag);
    }
  });
});

describe('checkIfMatch', () => {
  it('takes `W/` for the mark of a weak etag before quotes only', () => {
    expect(() => {
      checkIfMatch('W/kept', 'W/kept');
    }).not.toThrow();
  });

  it.each([undefined, '*', ' * ', 'other, present', '"present"', 'W/"present"'])(
    'lets %p pass',
    (ifMatch) => {
      expect(() => {
        checkIfMatch(ifMatch, 'present');
      }).not.toThrow();
    },
  );

  it.each(['', 'other', '"other"', 'W/"other"', 'presen'])('refuses %p', (ifMatch) => {
    expect(() => {
      checkIfMatch(ifMatch, 'present');
    }).toThrow(BigqueryError);
  });
});
