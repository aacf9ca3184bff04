import { describe, expect, it, jest } from '@jest/globals';
import type { MessageEvent } from '@nestjs/common';
import { CloudError } from '@pipeline/google-clients';
import { firstValueFrom, take, toArray } from 'rxjs';
import type { NowService } from './now.service.js';
import { NowStream } from './now.stream.js';

function streamOf(read: () => Promise<unknown>, newest: object | null = null): NowStream {
  return new NowStream({ read, outdated: () => newest } as unknown as NowService, 1);
}

const collect = (stream: NowStream, count: number): Promise<MessageEvent[]> =>
  firstValueFrom(stream.messages.pipe(take(count), toArray()));

describe('NowStream', () => {
  it('reads nothing while no page listens', () => {
    const read = jest.fn(() => Promise.resolve({}));
    streamOf(read);

    expect(read).not.toHaveBeenCalled();
  });

  it('gives every page the same readings', async () => {
    let taken = 0;
    const stream = streamOf(() => Promise.resolve({ reading: ++taken }));
    const [one, other] = await Promise.all([collect(stream, 3), collect(stream, 3)]);

    expect(one).toEqual(other);
    expect(one).toEqual([1, 2, 3].map((reading) => ({ type: 'now', data: { reading } })));
  });

  it('begins with the newest reading of before, marked as outdated', async () => {
    const stream = streamOf(() => Promise.resolve({ reading: 2 }), { reading: 1 });

    expect(await collect(stream, 2)).toEqual([
      { type: 'outdated', data: { reading: 1 } },
      { type: 'now', data: { reading: 2 } },
    ]);
  });

  it('says that a reading failed, and goes on', async () => {
    let taken = 0;
    const stream = streamOf(() =>
      ++taken === 1
        ? Promise.reject(new CloudError({ code: 'UNAVAILABLE', message: 'no answer' }))
        : Promise.resolve({ reading: taken }),
    );

    expect(await collect(stream, 2)).toEqual([
      { type: 'failure', data: { code: 'UNAVAILABLE', message: 'no answer' } },
      { type: 'now', data: { reading: 2 } },
    ]);
  });

  it('ends its streams when the service stops', async () => {
    const stream = streamOf(() => Promise.resolve({}));
    const all = firstValueFrom(stream.messages.pipe(toArray()));
    await firstValueFrom(stream.messages);
    stream.onModuleDestroy();

    expect((await all).length).toBeGreaterThan(0);
  });
});
