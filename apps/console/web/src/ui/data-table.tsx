import { useVirtualizer } from '@tanstack/react-virtual';
import { useMemo, useRef, useState, type ReactNode } from 'react';

/** A column of a {@link DataTable}. */
export interface TableColumn<Row> {
  readonly key: string;
  readonly head: string;
  /** CSS width; columns without one share the rest. */
  readonly width?: string;
  readonly isNumber?: boolean;
  readonly cell: (row: Row) => ReactNode;
  /** The value to sort by; without it the column cannot be sorted by. */
  readonly sortBy?: (row: Row) => string | number;
}

const ROW_HEIGHT = 36;
/** More rows are rendered only as far as they are seen. */
const VIRTUAL_FROM = 60;
const OVERSCAN = 12;

interface Sorting {
  readonly key: string;
  readonly isDescending: boolean;
}

/** Rows under sortable heads. Of many rows only those in sight are in the page. */
export function DataTable<Row>({
  label,
  columns,
  rows,
  rowKey,
  isSelected,
  wraps = false,
}: {
  readonly label: string;
  readonly columns: readonly TableColumn<Row>[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row, index: number) => string;
  readonly isSelected?: (row: Row) => boolean;
  /** Long texts get several lines, as long as every row is in the page. */
  readonly wraps?: boolean;
}): ReactNode {
  const [sorting, setSorting] = useState<Sorting | null>(null);
  const sorted = useMemo(() => sort(rows, columns, sorting), [rows, columns, sorting]);
  const scroll = useRef<HTMLDivElement>(null);
  const isVirtual = sorted.length > VIRTUAL_FROM;
  const virtualizer = useVirtualizer({
    count: isVirtual ? sorted.length : 0,
    getScrollElement: () => scroll.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: OVERSCAN,
  });
  const items = virtualizer.getVirtualItems();
  const first = isVirtual ? (items[0]?.index ?? 0) : 0;
  const end = isVirtual ? (items.at(-1)?.index ?? -1) + 1 : sorted.length;
  return (
    // It scrolls, so a keyboard must reach it.
    <div className="table-scroll" ref={scroll} tabIndex={0} role="group" aria-label={label}>
      <table className="grid" aria-rowcount={sorted.length + 1}>
        <colgroup>
          {columns.map(({ key, width }) => (
            <col key={key} style={width === undefined ? {} : { width }} />
          ))}
        </colgroup>
        <thead>
          <tr>
            {columns.map((column) => (
              <Head key={column.key} column={column} sorting={sorting} onSort={setSorting} />
            ))}
          </tr>
        </thead>
        <tbody>
          <Spacer rows={first} columns={columns.length} />
          {sorted.slice(first, end).map((row, index) => (
            <tr
              key={rowKey(row, first + index)}
              className={wraps && !isVirtual ? 'tall' : undefined}
              aria-rowindex={first + index + 2}
              aria-selected={isSelected === undefined ? undefined : isSelected(row)}
            >
              {columns.map(({ key, isNumber, cell }) => (
                <td key={key} className={isNumber === true ? 'number' : undefined}>
                  {cell(row)}
                </td>
              ))}
            </tr>
          ))}
          <Spacer rows={sorted.length - end} columns={columns.length} />
        </tbody>
      </table>
    </div>
  );
}

function Spacer({ rows, columns }: { readonly rows: number; readonly columns: number }): ReactNode {
  if (rows <= 0) return null;
  return (
    <tr className="spacer" aria-hidden="true">
      <td colSpan={columns} style={{ height: rows * ROW_HEIGHT }} />
    </tr>
  );
}

function Head<Row>({
  column: { key, head, isNumber, sortBy },
  sorting,
  onSort,
}: {
  readonly column: TableColumn<Row>;
  readonly sorting: Sorting | null;
  readonly onSort: (sorting: Sorting) => void;
}): ReactNode {
  const current = sorting?.key === key ? sorting : null;
  const className = isNumber === true ? 'number' : undefined;
  if (sortBy === undefined)
    return (
      <th scope="col" className={className}>
        {head}
      </th>
    );
  const order = current?.isDescending === true ? 'descending' : 'ascending';
  return (
    <th scope="col" className={className} aria-sort={current === null ? 'none' : order}>
      <button
        type="button"
        className="sort"
        onClick={() => {
          onSort({ key, isDescending: current === null ? isNumber === true : !current.isDescending });
        }}
      >
        {head}
        <span aria-hidden="true">{current === null ? '' : ARROWS[order]}</span>
      </button>
    </th>
  );
}

const ARROWS = { ascending: ' ↑', descending: ' ↓' } as const;

function sort<Row>(
  rows: readonly Row[],
  columns: readonly TableColumn<Row>[],
  sorting: Sorting | null,
): readonly Row[] {
  const by = columns.find(({ key }) => key === sorting?.key)?.sortBy;
  if (by === undefined || sorting === null) return rows;
  const sign = sorting.isDescending ? -1 : 1;
  return [...rows].sort((left, right) => {
    const [one, other] = [by(left), by(right)];
    return one === other ? 0 : (one < other ? -1 : 1) * sign;
  });
}
