import { describe, expect, it } from '@jest/globals';
import { RequestFailure } from '@pipeline/platform';
import { parseNoticeCall } from './notice-request.js';

const NOW = new Date('2026-11-30T12:00:00Z');

const parse = (text: string): unknown => parseNoticeCall(Buffer.from(text), NOW);

describe('parseNoticeCall', () => {
  it.each([
    ['nothing', '', '2026-11-28T12:00:00Z'],
    ['the nightly run', '{"publishedSince":"30d"}', '2026-10-31T12:00:00Z'],
  ])('reads %s', (_name, text, since) => {
    expect(parse(text)).toEqual({ now: NOW, publishedSince: new Date(since) });
  });

  it.each([
    ['no object', '[]', ''],
    ['a time that is none', '{"publishedSince":"yesterday"}', 'publishedSince'],
    ['a number', '{"publishedSince":48}', 'publishedSince'],
    ['an unknown field', '{"since":"48h"}', 'since'],
  ])('refuses %s, naming it', (_name, text, field) => {
    const failure = (() => {
      try {
        return parse(text);
      } catch (error) {
        return error;
      }
    })();

    expect(failure).toBeInstanceOf(RequestFailure);
    expect((failure as RequestFailure).body.error.fields?.map((problem) => problem.field)).toEqual([field]);
  });
});
