import { useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { Link } from 'wouter';
import { ApiError, read, type Schema } from '../api/client';
import { visibleText } from '../format';
import { words } from '../messages';
import { screenWords } from '../messages/screens';
import { DataTable, type TableColumn } from '../ui/data-table';
import { Panel } from '../ui/panel';
import { Answered } from '../ui/states';
import { Foreign, Instant } from '../ui/text';

const text = screenWords.table;
/** The largest number that the API allows. */
const ANY_BYTES = 1e15;

type Row = Schema<'SampleRowView'>;

/** The newest rows of a table. Values are read when a person asks for them. */
export function TableSample({ table }: { readonly table: string }): ReactNode {
  const [values, setValues] = useState(false);
  const [isAllowed, setAllowed] = useState(false);
  const query = useQuery({
    queryKey: ['sample', table, values, isAllowed],
    queryFn: ({ signal }) =>
      read(
        '/api/tables/{table}/sample',
        { path: { table }, query: { values, ...(isAllowed ? { maxBytes: ANY_BYTES } : {}) } },
        signal,
      ),
  });
  const refusal =
    query.error instanceof ApiError && query.error.code === 'TOO_EXPENSIVE' ? query.error : null;
  return (
    <Panel
      title={text.sample}
      end={
        <>
          <span className="muted">{text.newest}</span>
          <button
            type="button"
            className="button"
            onClick={() => {
              setValues(!values);
            }}
          >
            {values ? screenWords.event.hide : screenWords.event.show}
          </button>
        </>
      }
    >
      {refusal !== null ? (
        <div className="notice">
          <span>{visibleText(refusal.message)}</span>
          <button
            type="button"
            className="button"
            onClick={() => {
              setAllowed(true);
            }}
          >
            {text.readAnyway}
          </button>
        </div>
      ) : (
        <Answered query={query}>
          {({ columns, rows }) =>
            rows.length === 0 ? (
              <p className="panel-body muted">{text.noRows}</p>
            ) : values ? (
              <Values columns={columns} rows={rows} />
            ) : (
              <DataTable label={text.sample} columns={HEADS} rows={rows} rowKey={keyOf} />
            )
          }
        </Answered>
      )}
    </Panel>
  );
}

const keyOf = ({ messageId }: Row, index: number): string => `${index} ${messageId}`;

const HEADS: readonly TableColumn<Row>[] = [
  {
    key: 'message',
    head: screenWords.event.columns.message,
    width: '190px',
    cell: ({ messageId }) => (
      <Link href={`/event/${encodeURIComponent(messageId)}`}>
        <Foreign text={messageId} mono />
      </Link>
    ),
  },
  {
    key: 'published',
    head: `${screenWords.event.columns.published}, ${words.utc}`,
    width: '190px',
    cell: ({ publishedAt }) => <Instant at={publishedAt} />,
  },
  {
    key: 'hidden',
    head: screenWords.event.values,
    cell: () => <span className="muted">{screenWords.event.hidden}</span>,
  },
];

/** Rows side by side: a line for each column that has a value in one of them. */
function Values({
  columns,
  rows,
}: {
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
}): ReactNode {
  const used = columns.filter((column) => rows.some(({ cells }) => cells?.[column] !== undefined));
  return (
    <div className="table-scroll" tabIndex={0} role="group" aria-label={text.sample}>
      <table className="grid sample">
        <thead>
          <tr>
            <th scope="col">{text.head.path}</th>
            {rows.map(({ messageId }, index) => (
              <th key={index} scope="col">
                <Link href={`/event/${encodeURIComponent(messageId)}`}>
                  <Foreign text={messageId} mono />
                </Link>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {used.map((column) => (
            <tr key={column}>
              <th scope="row">
                <Foreign text={column} mono />
              </th>
              {rows.map(({ cells }, index) => {
                const json = cells?.[column];
                return (
                  <td key={index} title={visibleText(json ?? '')}>
                    {json === undefined ? (
                      <span className="zero-text">{words.none}</span>
                    ) : (
                      <Foreign text={json} mono />
                    )}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
