import type { ReactNode } from 'react';
import type { Schema } from '../api/client';
import { formatCount } from '../format';
import { words } from '../messages';
import { screenWords } from '../messages/screens';

const HOURS = 24;
const HOUR_MS = 3_600_000;
const HEIGHT = 72;
const WIDTH = 20;

/** Rows per hour of the last day; hours with overflow are marked. */
export function HourBars({ activity }: { readonly activity: readonly Schema<'ActivityView'>[] }): ReactNode {
  const end = Math.floor(Date.now() / HOUR_MS) * HOUR_MS;
  const byHour = new Map(activity.map((hour) => [Date.parse(hour.start), hour]));
  const most = Math.max(1, ...activity.map(({ rows }) => rows));
  const hours = Array.from({ length: HOURS }, (_unused, index) =>
    byHour.get(end - (HOURS - 1 - index) * HOUR_MS),
  );
  const total = activity.reduce((sum, { rows }) => sum + rows, 0);
  return (
    <>
      <svg
        className="bars"
        viewBox={`0 0 ${HOURS * WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={screenWords.table.rowsOfDay(total)}
      >
        {hours.map((hour, index) => {
          if (hour === undefined) return null;
          const height = Math.max(2, (hour.rows / most) * HEIGHT);
          return (
            <rect
              key={hour.start}
              className={hour.overflowedRows > 0 ? 'over' : undefined}
              x={index * WIDTH + 2}
              width={WIDTH - 4}
              y={HEIGHT - height}
              height={height}
            >
              <title>{`${hour.start.slice(11, 16)} ${words.utc}: ${formatCount(hour.rows)}`}</title>
            </rect>
          );
        })}
      </svg>
      <div className="axis" aria-hidden="true">
        {[HOURS - 1, (HOURS / 4) * 3 - 1, HOURS / 2 - 1, HOURS / 4 - 1, 0].map((ago) => (
          <span key={ago}>{new Date(end - ago * HOUR_MS).toISOString().slice(11, 16)}</span>
        ))}
      </div>
    </>
  );
}
