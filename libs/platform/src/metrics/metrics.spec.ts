import { describe, expect, it } from '@jest/globals';
import { Metrics } from './metrics.js';

describe('Metrics', () => {
  it('writes counts, values and distributions in the text format', async () => {
    const metrics = new Metrics();
    const tally = metrics.tally({ name: 'a_total', help: 'A', labels: ['kind', 'reason'] });
    metrics.counts({ name: 'b_total', help: 'B', labels: ['kind'], read: () => [[{ kind: 'x' }, 3]] });
    metrics.gauge({ name: 'c_bytes', help: 'C', read: () => 7 });
    metrics.gauge({ name: 'd', help: 'D', read: () => undefined });
    metrics.histogram({ name: 'e_seconds', help: 'E', buckets: [1, 2] }).observe(1.5);
    tally.count({ kind: 'x' });
    tally.count({ kind: 'x', reason: 'y' }, 2);
    await metrics.text();

    const lines = (await metrics.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));

    expect(lines).toEqual([
      'a_total{kind="x",reason=""} 1',
      'a_total{kind="x",reason="y"} 2',
      'b_total{kind="x"} 3',
      'c_bytes 7',
      'e_seconds_bucket{le="1"} 0',
      'e_seconds_bucket{le="2"} 1',
      'e_seconds_bucket{le="+Inf"} 1',
      'e_seconds_sum 1.5',
      'e_seconds_count 1',
    ]);
  });

  it('shows the process itself', async () => {
    const metrics = new Metrics();
    metrics.collectProcess();

    expect(await metrics.text()).toContain('process_cpu_seconds_total');
  });
});
