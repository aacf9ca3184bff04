import { describe, expect, it } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import type { OutgoingMessage } from '@pipeline/google-clients';
import { backfill, BackfillFailure, type BackfillOptions } from './backfill.js';
import { readLines } from '../sources/read-lines.js';
import type { SourceLine } from '../sources/source-line.js';

async function linesOf(text: string | Buffer, name = 'gs://bucket/object'): Promise<SourceLine[]> {
  const lines: SourceLine[] = [];
  // One byte at a time: lines cross every border of chunks.
  const bytes = Buffer.from(text);
  const chunks = Array.from(bytes, (_, index) => bytes.subarray(index, index + 1));
  for await (const line of readLines([name], () => Readable.from(chunks))) lines.push(line);
  return lines;
}

describe('readLines', () => {
  it('gives every byte of a line, counts blank ones and leaves them out', async () => {
    const lines = await linesOf(
      Buffer.concat([Buffer.from('{"a":1}\n\n  \r\n'), Buffer.from([0xff, 0x0a]), Buffer.from('last')]),
    );

    expect(lines.map(({ number, bytes }) => [number, bytes.toString('hex')])).toEqual([
      [1, Buffer.from('{"a":1}').toString('hex')],
      [4, 'ff'],
      [5, Buffer.from('last').toString('hex')],
    ]);
  });

  const texts = async (text: string | Buffer): Promise<string[]> =>
    (await linesOf(text)).map(({ bytes }) => bytes.toString());

  it.each([
    ['lines', '\ufeff{"a":1}\n{"a":2}', ['{"a":1}', '{"a":2}']],
    ['an array', '\ufeff[{"a":1}]', ['{"a":1}']],
    ['a line with a mark inside', '{"a":"\ufeff"}', ['{"a":"\ufeff"}']],
  ])('skips a byte order mark before %s', async (_what, text, expected) => {
    expect(await texts(text)).toEqual(expected);
  });

  it.each([
    ['on one line', '[{"a":1.10},{"a" : 2}]', ['{"a":1.10}', '{"a" : 2}']],
    ['over many lines', '\n [\n  {"a":1},\n  {"a":2}\n]\n\n', ['{"a":1}', '{"a":2}']],
    [
      'with brackets and commas in strings',
      '[{"a":"],[{\\"\\\\"},{"b":[1,[2,{"c":3}]]}]',
      ['{"a":"],[{\\"\\\\"}', '{"b":[1,[2,{"c":3}]]}'],
    ],
    ['of other values', '[1,"two",null,[3]]', ['1', '"two"', 'null', '[3]']],
    ['without elements', '[ ]', []],
    ['packed', gzipSync('[{"a":1},{"a":2}]'), ['{"a":1}', '{"a":2}']],
  ])('reads the elements of a JSON array %s', async (_what, text, expected) => {
    expect((await texts(text)).map((element) => element.trim())).toEqual(expected);
  });

  it.each([
    ['is cut off', '[{"a":1},{"a"', /cut off/],
    ['is followed by another', '[{"a":1}]\n[{"a":2}]', /goes on after/],
  ])('refuses an array that %s', async (_what, text, message) => {
    await expect(texts(text)).rejects.toThrow(message);
  });

  it('unpacks what is packed, whatever its name', async () => {
    const lines = await linesOf(gzipSync('one\ntwo\n'), 'gs://bucket/events.ndjson');

    expect(lines.map(({ bytes }) => bytes.toString())).toEqual(['one', 'two']);
  });

  it('reads files one after the other, counting on', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'lines-'));
    const files = ['a', 'b'].map((name) => join(folder, name));
    for (const file of files) await writeFile(file, 'x\ny');

    const numbers: number[] = [];
    for await (const { number } of readLines(files, () => Readable.from([]))) numbers.push(number);
    await rm(folder, { recursive: true });

    expect(numbers).toEqual([1, 2, 3, 4]);
  });
});

describe('backfill', () => {
  async function run(options: Partial<BackfillOptions>): Promise<{ result: unknown; sent: string[] }> {
    const sent: string[] = [];
    const publisher = {
      publish: ({ data }: OutgoingMessage) => {
        sent.push(Buffer.from(data).toString());
        return Promise.resolve('1');
      },
      close: () => Promise.resolve(),
    };
    const result = await backfill(
      readLines(['gs://b/o'], () => Readable.from([Buffer.from('a\nb\n\nc\n')])),
      {
        publisher,
        toMessage: ({ bytes }) => ({ data: bytes, attributes: {} }),
        skip: 0,
        pace: () => Promise.resolve(),
        onProgress: () => undefined,
        signal: new AbortController().signal,
        ...options,
      },
    );
    return { result, sent };
  }

  it('publishes every line, and goes on after the lines that are to be skipped', async () => {
    const ids = { known: 0, firstMessageId: '1', lastMessageId: '1' };
    expect(await run({})).toEqual({ result: { published: 3, doneLines: 4, ...ids }, sent: ['a', 'b', 'c'] });
    expect(await run({ skip: 2 })).toEqual({ result: { published: 1, doneLines: 4, ...ids }, sent: ['c'] });
  });

  it('leaves out what is known, and counts it', async () => {
    const toMessage: BackfillOptions['toMessage'] = ({ bytes }) =>
      bytes.toString() === 'b' ? null : { data: bytes, attributes: {} };

    const { result, sent } = await run({ toMessage });

    expect({ result, sent }).toEqual({
      result: { published: 2, known: 1, doneLines: 4, firstMessageId: '1', lastMessageId: '1' },
      sent: ['a', 'c'],
    });
  });

  it('says after a failure which lines are certainly done', async () => {
    const publisher = {
      publish: ({ data }: OutgoingMessage) =>
        Buffer.from(data).toString() === 'b' ? Promise.reject(new Error('gone')) : Promise.resolve('7'),
      close: () => Promise.resolve(),
    };

    const failure = await run({ publisher }).catch((cause: unknown) => cause);

    expect(failure).toBeInstanceOf(BackfillFailure);
    expect((failure as BackfillFailure).progress).toMatchObject({ doneLines: 1, firstMessageId: '7' });
  });

  it('fails with the publisher’s failure although the next line is still to come', async () => {
    let asked = 0;
    const publisher = {
      publish: () => {
        asked += 1;
        return Promise.reject(new Error('no topic'));
      },
      close: () => Promise.resolve(),
    };
    // A whole turn of the loop, in which Node finds an unhandled rejection.
    const pace = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

    await expect(run({ publisher, pace })).rejects.toThrow('no topic');
    expect(asked).toBe(1);
  });

  it('says where to go on when it is interrupted', async () => {
    const abort = new AbortController();
    let begun = 0;

    const { result, sent } = await run({
      signal: abort.signal,
      pace: () => {
        if (++begun === 2) abort.abort();
        return Promise.resolve();
      },
    });

    expect({ result, sent }).toEqual({
      result: { published: 2, known: 0, doneLines: 2, firstMessageId: '1', lastMessageId: '1' },
      sent: ['a', 'b'],
    });
  });
});
