import { useEffect, useRef, type ReactNode } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { Schema } from '../api/client';
import { formatCount } from '../format';
import { words } from '../messages';

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
  const plot = useRef<uPlot | null>(null);
  const data = toSeries(minutes, until);
  const latest = useRef(data);
  latest.current = data;

  useEffect(() => {
    const element = holder.current;
    if (element === null) return;
    const draw = (): void => {
      plot.current?.destroy();
      plot.current = new uPlot(optionsOf(element), latest.current, element);
    };
    draw();
    const resize = new ResizeObserver(() => {
      plot.current?.setSize({ width: element.clientWidth, height: HEIGHT });
    });
    resize.observe(element);
    const scheme = matchMedia('(prefers-color-scheme: dark)');
    scheme.addEventListener('change', draw);
    addEventListener('themechange', draw);
    return () => {
      resize.disconnect();
      scheme.removeEventListener('change', draw);
      removeEventListener('themechange', draw);
      plot.current?.destroy();
      plot.current = null;
    };
  }, []);

  useEffect(() => {
    plot.current?.setData(data);
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
      },
    ],
  } as uPlot.Options;
}
