import { useEffect, useRef, type ReactNode } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { Schema } from '../api/client';
import { formatCount } from '../format';
import { words } from '../messages';

const HEIGHT = 160;
const text = words.books;

/** Messages of each hour as its last audit counted them: received as a line, unaccounted ones on top. */
export function LedgerChart({ hours }: { readonly hours: readonly Schema<'LedgerHourView'>[] }): ReactNode {
  const holder = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = holder.current;
    if (element === null) return;
    let plot: uPlot | null = null;
    const data: uPlot.AlignedData = [
      hours.map(({ hour }) => Date.parse(hour) / 1_000),
      hours.map(({ received }) => received),
      hours.map(({ unaccounted }) => unaccounted),
    ];
    const draw = (): void => {
      plot?.destroy();
      plot = new uPlot(optionsOf(element), data, element);
    };
    draw();
    const resize = new ResizeObserver(() => {
      plot?.setSize({ width: element.clientWidth, height: HEIGHT });
    });
    resize.observe(element);
    const scheme = matchMedia('(prefers-color-scheme: dark)');
    scheme.addEventListener('change', draw);
    addEventListener('themechange', draw);
    return () => {
      resize.disconnect();
      scheme.removeEventListener('change', draw);
      removeEventListener('themechange', draw);
      plot?.destroy();
    };
  }, [hours]);
  const unaccounted = hours.reduce((sum, hour) => sum + hour.unaccounted, 0);
  return (
    <div
      className="chart"
      ref={holder}
      role="img"
      aria-label={text.ledgerWords(formatCount(hours.length), formatCount(unaccounted))}
    />
  );
}

function optionsOf(element: HTMLElement): uPlot.Options {
  const style = getComputedStyle(element);
  const color = (name: string): string => style.getPropertyValue(name).trim();
  const axis = {
    stroke: color('--muted'),
    grid: { stroke: color('--line'), width: 1 },
    ticks: { stroke: color('--line'), width: 1 },
    font: `11px ${style.fontFamily}`,
  };
  return {
    width: Math.max(120, element.clientWidth - 24),
    height: HEIGHT,
    padding: [8, 18, 0, 0],
    legend: { show: false },
    cursor: { y: false },
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1_000), 'Etc/UTC'),
    scales: { y: { range: (_plot, _min, max) => [0, Math.max(1, max * 1.1)] } },
    axes: [
      { ...axis, values: '{MM}-{DD} {HH}:{mm}', space: 90 },
      { ...axis, size: 60, values: (_plot, values) => values.map((value) => formatCount(Math.round(value))) },
    ],
    series: [
      {},
      { label: words.counts.received, stroke: color('--accent'), fill: color('--accent-soft'), width: 1.5 },
      { label: words.counts.unaccounted, stroke: color('--bad'), fill: color('--bad-soft'), width: 1.5 },
    ],
  };
}
