import type { ReactNode } from 'react';
import { formatCount } from '../format';
import { words } from '../messages';

const HEIGHT = 56;
const WIDTH = 20;
const STEP_MS = { HOUR: 3_600_000, DAY: 86_400_000 } as const;
const MAX_BARS = 400;

/** Counts by hour or day as bars; steps without a count are empty. */
export function TimeBars({
  label,
  by,
  from,
  to,
  counts,
}: {
  readonly label: string;
  readonly by: keyof typeof STEP_MS;
  readonly from: string;
  readonly to: string;
  readonly counts: ReadonlyMap<number, number>;
}): ReactNode {
  const step = STEP_MS[by];
  const last = Math.floor(Date.parse(to) / step);
  const first = Math.max(Math.floor(Date.parse(from) / step), last - MAX_BARS + 1);
  const steps = Array.from({ length: last - first + 1 }, (_unused, index) => (first + index) * step);
  const most = Math.max(1, ...counts.values());
  const nameOf = (at: number): string => {
    const time = new Date(at).toISOString();
    return by === 'DAY' ? time.slice(5, 10) : time.slice(5, 16).replace('T', ' ');
  };
  return (
    <>
      <svg
        className="bars bars-warn"
        viewBox={`0 0 ${steps.length * WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={label}
      >
        {steps.map((at, index) => {
          const count = counts.get(at) ?? 0;
          if (count === 0) return null;
          const height = Math.max(3, (count / most) * HEIGHT);
          return (
            <rect key={at} x={index * WIDTH + 2} width={WIDTH - 4} y={HEIGHT - height} height={height}>
              <title>{`${nameOf(at)} ${words.utc}: ${formatCount(count)}`}</title>
            </rect>
          );
        })}
      </svg>
      <div className="axis" aria-hidden="true">
        {[
          ...new Set([
            steps[0],
            ...(steps.length > 2 ? [steps[Math.floor(steps.length / 2)]] : []),
            steps.at(-1),
          ]),
        ].map((at) => (at === undefined ? null : <span key={at}>{nameOf(at)}</span>))}
      </div>
    </>
  );
}
