import { useEffect, useRef, type ReactNode } from 'react';
import uPlot from 'uplot';
import type { Schema } from '../api/client';
import { formatCount } from '../format';
import { words } from '../messages';
import { screenWords } from '../messages/screens';
import { keepPlot, plotOptions } from './plot';

const HEIGHT = 160;
const text = screenWords.books;

/** Messages of each hour as its last audit counted them: received as a line, unaccounted ones on top. */
export function LedgerChart({ hours }: { readonly hours: readonly Schema<'LedgerHourView'>[] }): ReactNode {
  const holder = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = holder.current;
    if (element === null) return;
    const data: uPlot.AlignedData = [
      hours.map(({ hour }) => Date.parse(hour) / 1_000),
      hours.map(({ received }) => received),
      hours.map(({ unaccounted }) => unaccounted),
    ];
    return keepPlot(element, HEIGHT, () => new uPlot(optionsOf(element), data, element)).stop;
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
  return plotOptions(element, HEIGHT, ({ color, axis }) => ({
    axes: [
      { ...axis, values: '{MM}-{DD} {HH}:{mm}', space: 90 },
      { ...axis, size: 60, values: (_plot, values) => values.map((value) => formatCount(Math.round(value))) },
    ],
    series: [
      {},
      { label: words.counts.received, stroke: color('--accent'), fill: color('--accent-soft'), width: 1.5 },
      { label: words.counts.unaccounted, stroke: color('--bad'), fill: color('--bad-soft'), width: 1.5 },
    ],
  }));
}
