import { useMemo, useState, type ReactNode } from 'react';
import type { Schema } from '../api/client';
import { formatCount, visibleText } from '../format';
import { words } from '../messages';
import { screenWords } from '../messages/screens';

const HOUR_MS = 3_600_000;
const MAX_TABLES = 40;
const LEVELS = 4;
/** Hours that are shown although nothing happened in them. */
const MAX_HOURS = 7 * 24;

type Line = Schema<'LineView'>;

/** One hour of one table. */
export interface HeatCell {
  readonly table: string | null;
  readonly hour: string;
  readonly line: Line;
}

/** Hours across, tables down; tables with something unaccounted first. */
export function HeatMap({
  lines,
  span,
  chosen,
  onChoose,
}: {
  readonly lines: readonly Line[];
  readonly span: Schema<'SpanView'>;
  readonly chosen: HeatCell | null;
  readonly onChoose: (cell: HeatCell) => void;
}): ReactNode {
  const [isWhole, setWhole] = useState(false);
  const { hours, tables, most } = useMemo(() => arrange(lines, span), [lines, span]);
  const shown = isWhole ? tables : tables.slice(0, MAX_TABLES);
  return (
    <>
      <div className="heat-scroll" tabIndex={0} role="group" aria-label={screenWords.books.heat}>
        <table className="heat">
          <thead>
            <tr>
              <td />
              {hours.map((hour, index) => (
                <th key={hour} scope="col">
                  <span className={index % 3 === 0 ? 'heat-hour' : 'visually-hidden'}>{labelOf(hour)}</span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map(({ table, byHour }) => (
              <tr key={table ?? ''}>
                <th scope="row">
                  <bdi>{visibleText(table ?? screenWords.books.noTable)}</bdi>
                </th>
                {hours.map((hour) => {
                  const line = byHour.get(hour);
                  return (
                    <td key={hour}>
                      {line === undefined ? (
                        <span className="heat-none" />
                      ) : (
                        <Cell
                          line={line}
                          most={most}
                          isChosen={chosen?.line === line}
                          onChoose={() => {
                            onChoose({ table, hour: line.hour, line });
                          }}
                        />
                      )}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {tables.length > shown.length ? (
        <p className="panel-body">
          <button
            type="button"
            className="button"
            onClick={() => {
              setWhole(true);
            }}
          >
            {screenWords.books.more(tables.length - shown.length)}
          </button>
        </p>
      ) : null}
    </>
  );
}

function Cell({
  line,
  most,
  isChosen,
  onChoose,
}: {
  readonly line: Line;
  readonly most: number;
  readonly isChosen: boolean;
  readonly onChoose: () => void;
}): ReactNode {
  const { level, mark, state } = stateOf(line, most);
  const label = screenWords.books.cell(
    visibleText(line.table ?? screenWords.books.noTable),
    line.hour.slice(0, 13).replace('T', ' '),
    line.received,
    state,
  );
  return (
    <button
      type="button"
      className={`heat-cell ${level}`}
      aria-label={label}
      aria-pressed={isChosen}
      title={label}
      onClick={onChoose}
    >
      {mark}
    </button>
  );
}

function stateOf(
  { received, unaccounted, mistimed, deadLetters, quarantined, inProgress }: Line,
  most: number,
): { readonly level: string; readonly mark: string; readonly state: string } {
  const { counts } = words;
  if (unaccounted + mistimed > 0)
    return { level: 'level-bad', mark: '!', state: `${formatCount(unaccounted)} ${counts.unaccounted}` };
  if (deadLetters + quarantined > 0)
    return {
      level: 'level-dead',
      mark: '•',
      state: `${formatCount(deadLetters)} ${counts.deadLetters}, ${formatCount(quarantined)} ${counts.quarantined}`,
    };
  if (inProgress > 0)
    return { level: 'level-progress', mark: '~', state: `${formatCount(inProgress)} ${counts.inProgress}` };
  const share = most <= 1 ? 1 : Math.log(received + 1) / Math.log(most + 1);
  return {
    level: `level-${Math.min(LEVELS, Math.max(1, Math.ceil(share * LEVELS)))}`,
    mark: '',
    state: screenWords.books.legend.rows,
  };
}

/** Every hour of the period, of a long one from the first message on, and the tables with what happened in each. */
function arrange(
  lines: readonly Line[],
  span: Schema<'SpanView'>,
): {
  readonly hours: readonly number[];
  readonly tables: readonly { readonly table: string | null; readonly byHour: ReadonlyMap<number, Line> }[];
  readonly most: number;
} {
  const times = lines.map(({ hour }) => Date.parse(hour));
  const last = Math.max(startOfHour(span.to), ...times);
  const first = Math.min(Math.max(startOfHour(span.from), last - MAX_HOURS * HOUR_MS), ...times);
  const hours = Array.from(
    { length: Math.round((last - first) / HOUR_MS) + 1 },
    (_unused, index) => first + index * HOUR_MS,
  );
  const groups = [...Map.groupBy(lines, ({ table }) => table)].map(([table, group]) => ({
    table,
    unaccounted: group.reduce((sum, line) => sum + line.unaccounted + line.mistimed, 0),
    received: group.reduce((sum, line) => sum + line.received, 0),
    byHour: new Map(group.map((line) => [Date.parse(line.hour), line])),
  }));
  return {
    hours,
    tables: groups.sort(
      (left, right) => right.unaccounted - left.unaccounted || right.received - left.received,
    ),
    most: Math.max(...lines.map(({ received }) => received)),
  };
}

function startOfHour(time: string): number {
  return Math.floor(Date.parse(time) / HOUR_MS) * HOUR_MS;
}

function labelOf(hour: number): string {
  const text = new Date(hour).toISOString();
  return text.slice(11, 13) === '00' ? text.slice(5, 10) : text.slice(11, 16);
}
