import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseBoundary, readMultipartUpload } from './multipart-related.js';

const SEED = 20261122;

async function* cut(bytes: Buffer, size: number): AsyncGenerator<Uint8Array, void, undefined> {
  for (let at = 0; at < bytes.length; at += size) yield await Promise.resolve(bytes.subarray(at, at + size));
}

async function read(
  body: Buffer,
  size: number,
): Promise<{ resource: string; type: string | undefined; content: Buffer }> {
  const upload = await readMultipartUpload(cut(body, size), 'bound');
  const chunks: Uint8Array[] = [];
  for await (const chunk of upload.content) chunks.push(chunk);
  return { resource: upload.resource, type: upload.contentType, content: Buffer.concat(chunks) };
}

function write(resource: string, content: Buffer, eol = '\r\n'): Buffer {
  const head = [
    '--bound',
    'content-type: application/json',
    '',
    resource,
    '--bound',
    'Content-Type: a/b',
    '',
    '',
  ];
  return Buffer.concat([Buffer.from(head.join(eol)), content, Buffer.from(`${eol}--bound--${eol}`)]);
}

describe('readMultipartUpload', () => {
  it(`gives back any content, however the body is cut (seed ${SEED})`, async () => {
    const tricky = fc.constantFrom('\r\n--bound', '\r\n', '--bound--', 'x', '\n--boun', '\0');
    await fc.assert(
      fc.asyncProperty(
        fc.array(tricky, { maxLength: 8 }).map((parts) => parts.join('')),
        fc.integer({ min: 1, max: 40 }),
        fc.constantFrom('\r\n', '\n'),
        async (text, size, eol) => {
          const content = Buffer.from(text);
          // A content that holds the closing delimiter itself cannot be sent with this boundary.
          fc.pre(!`${text}${eol}`.includes(`${eol}--bound--`));
          expect(await read(write('{"name":"n"}', content, eol), size)).toEqual({
            resource: '{"name":"n"}',
            type: 'a/b',
            content,
          });
        },
      ),
      { seed: SEED },
    );
  });

  it.each([
    ['nothing', ''],
    ['one part', '--bound\r\n\r\n{}\r\n--bound--\r\n'],
    ['no end', '--bound\r\n\r\n{}\r\n--bound\r\n\r\ncontent'],
    ['text before', 'x\r\n--bound\r\n\r\n{}\r\n--bound\r\n\r\ncontent\r\n--bound--'],
  ])('refuses %s', async (_name, body) => {
    await expect(read(Buffer.from(body), 7)).rejects.toThrow('Malformed multipart body');
  });
});

describe('parseBoundary', () => {
  it.each([
    ['multipart/related; boundary=abc', 'abc'],
    ['multipart/related; boundary="a b"', 'a b'],
    ["multipart/related; boundary='==x=='; type=y", '==x=='],
  ])('reads %s', (header, expected) => {
    expect(parseBoundary(header)).toBe(expected);
  });

  it('refuses a type without one', () => {
    expect(() => parseBoundary('multipart/related')).toThrow('names no boundary');
  });
});
