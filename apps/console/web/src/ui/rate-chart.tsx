import { useEffect, useRef, type ReactNode } from 'react';
import uPlot from 'uplot';
import type { Schema } from '../api/client';
import { formatCount } from '../format';
import { words } from '../messages';
import { keepPlot, plotOptions } from './plot';

const HEIGHT = 180;
const MINUTE_S = 60;
const MINUTES = 60;

/** Rows per minute over an hour; minutes without rows are zero. */
export function RateChart({
  minutes,
  until,
}: {
  readonly minutes: readonly Schema<'MinuteView'>[];
  readonly until: string;
}): ReactNode {
  const holder = useRef<HTMLDivElement>(null);
  const plot = useRef<ReturnType<typeof keepPlot> | null>(null);
  const data = toSeries(minutes, until);
  const latest = useRef(data);
  latest.current = data;

  useEffect(() => {
    const element = holder.current;
    if (element === null) return;
    const kept = keepPlot(element, HEIGHT, () => new uPlot(optionsOf(element), latest.current, element));
    plot.current = kept;
    return () => {
      kept.stop();
      plot.current = null;
    };
  }, []);

  useEffect(() => {
    plot.current?.current().setData(data);
  });

  const rows = data[1].map((value) => value ?? 0);
  const words_ = `${words.now.rates}: ${formatCount(Math.min(...rows))}–${formatCount(Math.max(...rows))}`;
  return <div className="chart" ref={holder} role="img" aria-label={words_} />;
}

function toSeries(minutes: readonly Schema<'MinuteView'>[], until: string): [number[], (number | null)[]] {
  const end = Math.floor(Date.parse(until) / 1_000 / MINUTE_S) * MINUTE_S;
  const rowsAt = new Map(minutes.map(({ start, rows }) => [Date.parse(start) / 1_000, rows]));
  const times = Array.from({ length: MINUTES }, (_unused, index) => end - (MINUTES - 1 - index) * MINUTE_S);
  return [times, times.map((time) => rowsAt.get(time) ?? 0)];
}

function optionsOf(element: HTMLElement): uPlot.Options {
  return plotOptions(element, HEIGHT, ({ color, axis }) => ({
    axes: [
      { ...axis, values: '{HH}:{mm}' },
      {
        ...axis,
        size: 52,
        incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 50_000, 100_000, 1_000_000],
        values: (_plot, values) => values.map((value) => formatCount(value)),
      },
    ],
    series: [
      {},
      {
        label: words.now.rates,
        stroke: color('--accent'),
        fill: color('--accent-soft'),
        width: 1.5,
        paths: uPlot.paths.stepped?.({ align: 1 }),
        points: { show: false },
      } as uPlot.Series,
    ],
  }));
}
