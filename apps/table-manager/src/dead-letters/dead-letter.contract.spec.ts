import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { toDeadLetterJson, type DeadLetter } from './dead-letter.js';

interface Vector {
  readonly name: string;
  readonly letter: Omit<DeadLetter, 'data'>;
  readonly dataHex?: string;
  readonly dataZeros?: number;
  readonly service: { readonly name: string; readonly version: string };
  readonly expect: unknown;
}

const file = new URL('../../../../test/contracts/messages/dead-letters.json', import.meta.url);
const { cases } = JSON.parse(readFileSync(file, 'utf8')) as { cases: readonly Vector[] };

describe('dead letters, as the Dataflow job writes them too', () => {
  it.each(cases)('$name', ({ letter, dataHex, dataZeros, service, expect: expected }) => {
    const data = dataZeros === undefined ? Buffer.from(dataHex ?? '', 'hex') : new Uint8Array(dataZeros);

    expect(JSON.parse(toDeadLetterJson({ ...letter, data }, service))).toEqual(expected);
  });
});
