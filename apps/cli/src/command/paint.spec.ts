import { afterEach, describe, expect, it } from '@jest/globals';
import { WriteStream } from 'node:tty';
import { outputWidth } from './output-width.js';
import { paint } from './paint.js';

/** A stream that is or is not a terminal, without a file behind it. */
function stream(isTTY: boolean): NodeJS.WriteStream {
  const environment = (): object => ({ TERM: 'xterm-256color', NO_COLOR: process.env['NO_COLOR'] });
  const getColorDepth = (): number => WriteStream.prototype.getColorDepth.call(null as never, environment());
  const properties = { isTTY, columns: 60, getColorDepth };
  return Object.assign(Object.create(WriteStream.prototype) as NodeJS.WriteStream, properties);
}

const BOOKS = 'all  3\nThe books balance: nothing is unaccounted.\n+ orders: would be made';
const { NO_COLOR, FORCE_COLOR } = process.env;

describe('paint', () => {
  afterEach(() => {
    process.env['NO_COLOR'] = NO_COLOR;
    process.env['FORCE_COLOR'] = FORCE_COLOR;
    if (NO_COLOR === undefined) delete process.env['NO_COLOR'];
    if (FORCE_COLOR === undefined) delete process.env['FORCE_COLOR'];
  });

  it('colours a terminal', () => {
    delete process.env['NO_COLOR'];
    delete process.env['FORCE_COLOR'];
    expect(paint(BOOKS, stream(true))).toBe(
      'all  3\n\u001b[32mThe books balance: nothing is unaccounted.\u001b[39m\n\u001b[32m+ orders: would be made\u001b[39m',
    );
  });

  it.each([
    ['with NO_COLOR', true, '1'],
    ['what is no terminal', false, ''],
  ])('leaves as it is %s', (_what, isTTY, noColor) => {
    delete process.env['FORCE_COLOR'];
    process.env['NO_COLOR'] = noColor;
    expect(paint(BOOKS, stream(isTTY))).toBe(BOOKS);
  });
});

describe('outputWidth', () => {
  it('is that of the terminal, and without a limit elsewhere and with --wide', () => {
    expect(outputWidth({ isTTY: true, columns: 60 }, [])).toBe(60);
    expect(outputWidth({ isTTY: true, columns: 60 }, ['audit', '--wide'])).toBe(Infinity);
    expect(outputWidth({}, [])).toBe(Infinity);
  });
});
