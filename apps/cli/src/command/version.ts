import { readFileSync } from 'node:fs';

const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  readonly version: string;
};

export const CLI_VERSION = manifest.version;

/** The actor of ledger rows. */
export const CLI_ACTOR = `pipeline@${manifest.version}`;
