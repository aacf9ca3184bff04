import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { chooseFirefox, findFirefox, type FirefoxFile } from './find-firefox.js';

const PROGRAM: FirefoxFile = {
  place: '/usr/bin/firefox-esr',
  realPath: '/usr/lib/firefox-esr/firefox-esr',
  head: '\x7fELF\x02\x01 /snap ',
};
const DEBIAN_SCRIPT: FirefoxFile = {
  place: '/usr/bin/firefox',
  realPath: '/usr/bin/firefox',
  head: '#!/bin/sh\nexec /usr/lib/firefox/firefox "$@"\n',
};
const UBUNTU_SCRIPT: FirefoxFile = {
  ...DEBIAN_SCRIPT,
  head: '#!/bin/sh\nif ! [ -x /snap/bin/firefox ]; then\n  exit 1\nfi\nexec /snap/bin/firefox "$@"\n',
};
/** A program of a snap is a link to `snap`. */
const SNAP: FirefoxFile = { place: '/snap/bin/firefox', realPath: '/usr/bin/snap', head: '\x7fELF' };
const MOUNTED_SNAP: FirefoxFile = {
  place: '/opt/firefox',
  realPath: '/snap/firefox/current/usr/lib/firefox/firefox',
  head: '\x7fELF',
};

describe('chooseFirefox', () => {
  it.each([
    ['a program', [PROGRAM], '/usr/bin/firefox-esr'],
    ['a script that starts a program', [DEBIAN_SCRIPT, PROGRAM], '/usr/bin/firefox'],
    ['the program behind a snap', [UBUNTU_SCRIPT, SNAP, MOUNTED_SNAP, PROGRAM], '/usr/bin/firefox-esr'],
  ])('takes %s', (_name, files, program) => {
    expect(chooseFirefox(files)).toEqual({ program });
  });

  it('says that Firefox is not installed', () => {
    expect(chooseFirefox([])).toEqual({
      skipped: 'Firefox is not installed here (FIREFOX names its program)',
    });
  });

  it.each([UBUNTU_SCRIPT, SNAP, MOUNTED_SNAP])('says that a snap is no use: $place, $realPath', (file) => {
    expect(chooseFirefox([file])).toEqual({
      skipped: `the Firefox of ${file.place} is a snap, which cannot read a profile in /tmp (FIREFOX names another program)`,
    });
  });
});

describe('findFirefox', () => {
  it('follows links, and takes the named program first', () => {
    const folder = mkdtempSync(join(tmpdir(), 'firefox-'));
    const [program, link] = [join(folder, 'program'), join(folder, 'firefox')];
    writeFileSync(program, '\x7fELF');
    symlinkSync(program, link);

    expect(findFirefox(link)).toEqual({ program: link });
    rmSync(folder, { recursive: true });
  });
});
