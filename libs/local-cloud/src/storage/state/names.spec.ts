import { describe, expect, it } from '@jest/globals';
import { checkBucketName, checkObjectName, compareUtf8 } from './names.js';

describe('checkBucketName', () => {
  it.each(['abc', 'a-b_c.d', '0-9', 'x'.repeat(63), `${'x'.repeat(63)}.${'y'.repeat(63)}`])(
    'accepts %s',
    (name) => {
      expect(() => {
        checkBucketName(name);
      }).not.toThrow();
    },
  );

  it.each([
    ['too short', 'ab'],
    ['too long', 'x'.repeat(64)],
    ['too long between dots', `${'x'.repeat(64)}.com`],
    ['too long with dots', Array.from({ length: 4 }, () => 'x'.repeat(60)).join('.')],
    ['upper case', 'Abc'],
    ['a space', 'a bc'],
    ['a dash at the end', 'abc-'],
    ['two dots', 'a..b'],
    ['an IP address', '192.168.5.4'],
    ['goog at the start', 'goog-x'],
    ['google', 'my-google-bucket'],
    ['a misspelling of google', 'g00gle-x'],
  ])('refuses %s', (_why, name) => {
    expect(() => {
      checkBucketName(name);
    }).toThrow('Invalid bucket name');
  });
});

describe('checkObjectName', () => {
  it.each(['a', 'a/b//c', ' ', '...', 'ü'.repeat(512), '日本'])('accepts %j', (name) => {
    expect(() => {
      checkObjectName(name);
    }).not.toThrow();
  });

  it.each([
    ['.'],
    ['..'],
    ['a\nb'],
    ['a\rb'],
    ['ü'.repeat(513)],
    ['\ud800'],
    ['.well-known/acme-challenge/x'],
  ])('refuses %j', (name) => {
    expect(() => {
      checkObjectName(name);
    }).toThrow('Disallowed object name');
  });

  it('asks for a name', () => {
    expect(() => {
      checkObjectName('');
    }).toThrow('Required');
  });
});

describe('compareUtf8', () => {
  it('orders as the bytes do, surrogate pairs after U+FFFF', () => {
    const names = ['b', 'a', 'aa', '\u{1f600}', '\uffee', 'ü', ''];
    const byBytes = [...names].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    expect([...names].sort(compareUtf8)).toEqual(byBytes);
  });
});
