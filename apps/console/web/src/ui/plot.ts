import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';

/** Colours of the theme that an element has now. */
export interface PlotTheme {
  readonly color: (name: string) => string;
  readonly axis: uPlot.Axis;
}

/** The options that all plots have: times in UTC, counts from zero, colours of the theme. */
export function plotOptions(
  element: HTMLElement,
  height: number,
  own: (theme: PlotTheme) => Pick<uPlot.Options, 'axes' | 'series'>,
): uPlot.Options {
  const style = getComputedStyle(element);
  const color = (name: string): string => style.getPropertyValue(name).trim();
  const axis = {
    stroke: color('--muted'),
    grid: { stroke: color('--line'), width: 1 },
    ticks: { stroke: color('--line'), width: 1 },
    font: `11px ${style.fontFamily}`,
  };
  return {
    width: widthIn(element),
    height,
    padding: [8, 18, 0, 0],
    legend: { show: false },
    cursor: { y: false },
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1_000), 'Etc/UTC'),
    scales: { y: { range: (_plot, _min, max) => [0, Math.max(1, max * 1.1)] } },
    ...own({ color, axis }),
  };
}

/** The width between the paddings of `.chart`. */
function widthIn(element: HTMLElement): number {
  return Math.max(120, element.clientWidth - 24);
}

/** Draws again when the theme changes, and follows the width of the element. @returns the end of it */
export function keepPlot(
  element: HTMLElement,
  height: number,
  draw: () => uPlot,
): { readonly current: () => uPlot; readonly stop: () => void } {
  let plot = draw();
  const redraw = (): void => {
    plot.destroy();
    plot = draw();
  };
  const resize = new ResizeObserver(() => {
    plot.setSize({ width: widthIn(element), height });
  });
  resize.observe(element);
  const scheme = matchMedia('(prefers-color-scheme: dark)');
  scheme.addEventListener('change', redraw);
  addEventListener('themechange', redraw);
  return {
    current: () => plot,
    stop: () => {
      resize.disconnect();
      scheme.removeEventListener('change', redraw);
      removeEventListener('themechange', redraw);
      plot.destroy();
    },
  };
}
