import { describe, expect, it } from '@jest/globals';
import { SerialQueue, TableWriteQueue } from './table-write-queue.js';

describe('SerialQueue', () => {
  it('runs tasks one after the other, also after one has failed', async () => {
    const queue = new SerialQueue();
    const order: string[] = [];
    const task = (name: string) => async (): Promise<void> => {
      order.push(`${name} begins`);
      await Promise.resolve();
      order.push(`${name} ends`);
    };

    const failed = queue.run(() => Promise.reject(new Error('no'))).catch(() => 'failed');
    await Promise.all([failed, queue.run(task('a')), queue.run(task('b'))]);

    expect(order).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
    await expect(failed).resolves.toBe('failed');
  });
});

describe('TableWriteQueue', () => {
  it('keeps the order of changes and appends, and joins appends that wait side by side', async () => {
    const steps: unknown[] = [];
    const queue = new TableWriteQueue<number, string>((requests) => {
      steps.push(requests);
      return Promise.resolve(requests.map((request) => `stored ${request}`));
    });
    const change = (): Promise<void> => {
      steps.push('change');
      return Promise.resolve();
    };

    const replies = await Promise.all([
      queue.append(1),
      queue.append(2),
      queue.change(change),
      queue.append(3),
      queue.append(4),
    ]);

    expect(steps).toEqual([[1, 2], 'change', [3, 4]]);
    expect(replies).toEqual(['stored 1', 'stored 2', undefined, 'stored 3', 'stored 4']);
  });

  it('rejects every append of a batch that failed, and goes on', async () => {
    let calls = 0;
    const queue = new TableWriteQueue<number, string>((requests) => {
      calls += 1;
      return calls === 1 ? Promise.reject(new Error('disk')) : Promise.resolve(requests.map(String));
    });

    const first = await Promise.allSettled([queue.append(1), queue.append(2)]);

    expect(first.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await expect(queue.append(3)).resolves.toBe('3');
  });
});
