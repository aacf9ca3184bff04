import { closeSync, existsSync, openSync, readSync, realpathSync } from 'node:fs';

/** Places where installers put Firefox. A snap's place is not one of them. */
const PLACES = [
  '/usr/bin/firefox',
  '/usr/bin/firefox-esr',
  '/Applications/Firefox.app/Contents/MacOS/firefox',
  'C:\\Program Files\\Mozilla Firefox\\firefox.exe',
];

/** Longer than the wrapper script of any distribution. */
const HEAD_BYTES = 4_096;

/** A place where Firefox may be, as it is on the disk. */
export interface FirefoxFile {
  /** The place, as an installer or the variable `FIREFOX` names it. */
  readonly place: string;
  /** The file that the place leads to when every link is followed. */
  readonly realPath: string;
  /** The file's first bytes as text: enough for a wrapper script. */
  readonly head: string;
}

/** The program to start, or the reason why the tests are skipped. */
type FirefoxChoice = { readonly program: string } | { readonly skipped: string };

/**
 * Chooses the first Firefox that can read a profile in the folder for temporary files, where puppeteer puts it. A snap cannot: it has a
 * `/tmp` of its own, so the tests would wait until their time is up. On Ubuntu `/usr/bin/firefox` is a script that starts the snap.
 */
export function chooseFirefox(files: readonly FirefoxFile[]): FirefoxChoice {
  const usable = files.find((file) => !isSnap(file));
  if (usable !== undefined) return { program: usable.place };
  return {
    skipped:
      files.length === 0
        ? 'Firefox is not installed here (FIREFOX names its program)'
        : `the Firefox of ${files.map(({ place }) => place).join(' and ')} is a snap, which cannot read a profile in /tmp (FIREFOX names another program)`,
  };
}

function isSnap({ realPath, head }: FirefoxFile): boolean {
  return /(^|\/)snap(\/|$)/.test(realPath) || (head.startsWith('#!') && /\bsnap\b/.test(head));
}

/** Returns the Firefox of this machine, or the reason why there is none to use; the variable `FIREFOX` goes first. Downloads nothing. */
export function findFirefox(named = process.env['FIREFOX'] ?? ''): FirefoxChoice {
  return chooseFirefox([named, ...PLACES].filter((place) => place !== '' && existsSync(place)).map(look));
}

function look(place: string): FirefoxFile {
  const file = openSync(place, 'r');
  try {
    const head = Buffer.alloc(HEAD_BYTES);
    return { place, realPath: realpathSync(place), head: head.toString('latin1', 0, readSync(file, head)) };
  } finally {
    closeSync(file);
  }
}
