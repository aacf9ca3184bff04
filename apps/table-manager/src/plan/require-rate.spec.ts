import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { requireRate } from './require-rate.js';

/** Pieces, then silence for ever. */
async function* thenSilence(...pieces: readonly number[]): AsyncGenerator<Uint8Array, void, undefined> {
  for (const bytes of pieces) yield new Uint8Array(bytes);
  await new Promise(() => undefined);
}

async function collect(pieces: AsyncIterable<Uint8Array>): Promise<readonly number[]> {
  const lengths: number[] = [];
  for await (const piece of pieces) lengths.push(piece.byteLength);
  return lengths;
}

describe('requireRate', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });

  afterEach(() => {
    jest.useRealTimers();
  });

  it('passes on every piece of a body that ends', async () => {
    async function* ending(): AsyncGenerator<Uint8Array, void, undefined> {
      yield* [new Uint8Array(3), new Uint8Array(5)];
      return Promise.resolve();
    }

    expect(await collect(requireRate(ending()))).toEqual([3, 5]);
  });

  it('gives up on a sender that has become silent', async () => {
    const failure = collect(requireRate(thenSilence(1, 64_000), 5_000)).catch((cause: unknown) => cause);
    await jest.advanceTimersByTimeAsync(5_999);
    const early = await Promise.race([failure, Promise.resolve('not yet')]);
    await jest.advanceTimersByTimeAsync(2);

    expect(early).toBe('not yet');
    expect(await failure).toMatchObject({ body: { error: { code: 'BODY_TOO_SLOW' } } });
  });

  it('does not count the time in which the reader is busy', async () => {
    async function* ready(): AsyncGenerator<Uint8Array, void, undefined> {
      yield* [new Uint8Array(1), new Uint8Array(1)];
      return Promise.resolve();
    }
    const lengths: number[] = [];
    for await (const piece of requireRate(ready(), 200)) {
      jest.advanceTimersByTime(250);
      lengths.push(piece.byteLength);
    }

    expect(lengths).toEqual([1, 1]);
  });
});
