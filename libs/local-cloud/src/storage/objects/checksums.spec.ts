import { describe, expect, it } from '@jest/globals';
import { Checksummer, parseHashHeader, verifyChecksums } from './checksums.js';
import { crc32c } from '@node-rs/crc32';

describe('crc32c', () => {
  it.each([
    ['nothing', Buffer.alloc(0), 0x00000000],
    ['nine digits', Buffer.from('123456789'), 0xe3069283],
    ['32 bytes of zeros', Buffer.alloc(32), 0x8a9136aa],
    ['32 bytes of ones', Buffer.alloc(32, 0xff), 0x62a8ab43],
    ['32 bytes rising', Buffer.from(Array.from({ length: 32 }, (_, at) => at)), 0x46dd794e],
  ])('of %s is the one of RFC 3720', (_name, bytes, expected) => {
    expect(crc32c(bytes)).toBe(expected);
  });

  it('is the same wherever the stream is cut', () => {
    const bytes = Buffer.from(Array.from({ length: 100 }, (_, at) => (at * 37) & 0xff));
    for (let cut = 0; cut <= bytes.length; cut++) {
      expect(crc32c(bytes.subarray(cut), crc32c(bytes.subarray(0, cut)))).toBe(crc32c(bytes));
    }
  });
});

describe('checksums', () => {
  it('shows both hashes as base64', () => {
    const checksummer = new Checksummer();
    checksummer.update(Buffer.from('0123456789'));
    expect(checksummer.digest()).toEqual({ crc32c: 'KAwGng==', md5Hash: 'eB5eJF1ptWaXm4bijSPyxw==' });
  });

  it.each([
    [undefined, {}],
    ['crc32c=AAAA,md5=BBBB==', { crc32c: 'AAAA', md5Hash: 'BBBB==' }],
    [['md5=BBBB==', 'crc32c=AAAA'], { crc32c: 'AAAA', md5Hash: 'BBBB==' }],
    ['sha1=xyz', {}],
  ])('reads the header %j', (header, expected) => {
    expect(parseHashHeader(header)).toEqual(expected);
  });

  it('refuses content of another hash', () => {
    const actual = { crc32c: 'AAAA', md5Hash: null };
    expect(() => {
      verifyChecksums({ crc32c: 'BBBB' }, actual);
    }).toThrow('Provided CRC32C "BBBB" doesn\'t match calculated CRC32C "AAAA".');
    expect(() => {
      verifyChecksums({ crc32c: 'AAAA', md5Hash: 'not compared: there is none' }, actual);
    }).not.toThrow();
  });
});
