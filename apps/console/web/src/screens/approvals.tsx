import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { Link, useSearchParams } from 'wouter';
import { ActionButton } from '../actions/action-button';
import { read, type Schema } from '../api/client';
import { formatCount } from '../format';
import { words } from '../messages';
import { actionWords } from '../messages/actions';
import { DataTable, type TableColumn } from '../ui/data-table';
import { Panel } from '../ui/panel';
import { Answered, Empty, Failure } from '../ui/states';
import { useSession } from '../actions/session';
import { Foreign, Instant } from '../ui/text';
import { followFigures } from './approvals-pace';

const text = actionWords.approvals;

/**
 * The pull requests of the branch that `pipeline contracts propose` pushes for a table.
 * Source: GitHub search, the qualifier `head`, from memory.
 */
export function pullRequestsOf(repository: string, table: string): string {
  return `${repository}/pulls?${new URLSearchParams({ q: `is:pr head:contracts/${table}` }).toString()}`;
}

function PullRequestLink({ table }: { readonly table: string }): ReactNode {
  const repository = useSession()?.contractsRepository ?? null;
  if (repository === null) return null;
  return (
    <a href={pullRequestsOf(repository, table)} target="_blank" rel="noreferrer">
      {text.pullRequest}
    </a>
  );
}

/** Changes that contracts hold back, and the decision about each. */
export function ApprovalsScreen(): ReactNode {
  const [parameters, setParameters] = useSearchParams();
  const rejected = parameters.get('rejected') === 'true';
  const table = parameters.get('table') ?? undefined;
  const path = parameters.get('path');
  const queryKey = ['approvals', rejected, table];
  const chosen = { rejected, ...(table === undefined ? {} : { table }) };
  const [nextReadMs] = useState(followFigures);
  const query = useQuery({
    queryKey,
    queryFn: ({ signal }) => read('/api/approvals', { query: chosen }, signal),
    refetchInterval: ({ state: { data, dataUpdateCount } }) =>
      data === undefined ? false : nextReadMs(data, dataUpdateCount),
  });
  const client = useQueryClient();
  const again = useMutation({
    mutationFn: () => read('/api/approvals', { query: { ...chosen, fresh: true } }),
    onSuccess: (answer) => {
      client.setQueryData(queryKey, answer);
    },
  });
  const toggleRejected = (): void => {
    setParameters((before) => {
      const after = new URLSearchParams(before);
      if (rejected) after.delete('rejected');
      else after.set('rejected', 'true');
      return after;
    });
  };
  return (
    <>
      <div className="title">
        <h1>{text.title}</h1>
        <div className="title-end">
          {table === undefined && path === null ? null : (
            <Link className="button" href="/approvals">
              {text.all}
            </Link>
          )}
          {query.data === undefined ? null : (
            <span className="muted">
              {text.asOf} <Instant at={query.data.readAt} /> {words.utc}
            </span>
          )}
          <button
            type="button"
            className="button"
            disabled={again.isPending}
            onClick={() => {
              again.mutate();
            }}
          >
            {text.readAgain}
          </button>
          <button type="button" className="button" aria-pressed={rejected} onClick={toggleRejected}>
            {text.rejected}
          </button>
        </div>
      </div>
      {again.error === null ? null : (
        <Failure
          error={again.error}
          retry={() => {
            again.mutate();
          }}
        />
      )}
      <ReadFailure failure={query.data?.failure ?? null} />
      <Answered query={query}>
        {({ approvals, total, costs }) => {
          const shown = path === null ? approvals : approvals.filter((approval) => approval.path === path);
          if (shown.length === 0)
            return (
              <div className="panel">
                {path === null && table === undefined ? (
                  <Empty title={text.empty} hint={text.emptyHint} />
                ) : (
                  <Empty title={text.noneChosen} hint={text.noneChosenHint} />
                )}
              </div>
            );
          const count = path === null ? total : shown.length;
          return (
            <Panel
              title={text.summary(count)}
              end={
                shown.length < count ? (
                  <span className="muted">{words.shown(shown.length, count)}</span>
                ) : null
              }
            >
              <DataTable
                label={text.title}
                columns={columnsOf(costs)}
                rows={shown}
                rowKey={(approval) => `${approval.table} ${approval.path}`}
                wraps
              />
            </Panel>
          );
        }}
      </Answered>
    </>
  );
}

/** The reason why the figures are not newer. */
function ReadFailure({ failure }: { readonly failure: Schema<'ApprovalsView'>['failure'] }): ReactNode {
  if (failure === null) return null;
  return (
    <p className="bad-text small" role="status">
      {text.notRead} <Foreign text={`${failure.code}: ${failure.message}`} />
    </p>
  );
}

function Cost({ cost }: { readonly cost: Schema<'ApprovalCostView'> | undefined }): ReactNode {
  if (cost === undefined) return words.none;
  const { bytes, days, unknown } = cost;
  if (bytes === null) return <span title={unknown ?? undefined}>{text.costUnknown}</span>;
  return <span title={text.costTitle(bytes, days ?? 0)}>{text.cost(bytes)}</span>;
}

function columnsOf(
  costs: readonly Schema<'ApprovalCostView'>[],
): readonly TableColumn<Schema<'ApprovalView'>>[] {
  const costOf = new Map(costs.map((cost) => [cost.table, cost]));
  const cost: TableColumn<Schema<'ApprovalView'>> = {
    key: 'cost',
    head: text.head.cost,
    width: '112px',
    isNumber: true,
    cell: ({ kind, table }) => <Cost cost={kind === 'type' ? undefined : costOf.get(table)} />,
  };
  return COLUMNS.flatMap((column) => (column.key === 'first' ? [cost, column] : [column]));
}

const COLUMNS: readonly TableColumn<Schema<'ApprovalView'>>[] = [
  {
    key: 'table',
    head: text.head.table,
    width: '11%',
    cell: ({ kind, table }) =>
      kind === 'type' ? (
        <Foreign text={table} />
      ) : (
        <Link href={`/tables/${encodeURIComponent(table)}`}>
          <Foreign text={table} />
        </Link>
      ),
    sortBy: ({ table }) => table,
  },
  {
    key: 'path',
    head: text.head.path,
    cell: ({ path, eventType, rejectedAt }) => (
      <>
        <Foreign text={eventType ?? path} mono />{' '}
        {rejectedAt === null ? null : <span className="badge">{text.wasRejected}</span>}
      </>
    ),
    sortBy: ({ path }) => path,
  },
  {
    key: 'type',
    head: text.head.type,
    width: '13%',
    cell: ({ kind, type, warnings }) => (
      <>
        {text.kinds[kind]} <span className="mono">{type ?? words.none}</span>{' '}
        {warnings.map((warning) => (
          <span key={warning} className="badge warn">
            {warning}
          </span>
        ))}
      </>
    ),
  },
  {
    key: 'values',
    head: text.head.values,
    width: '80px',
    isNumber: true,
    cell: ({ values, valuesPerHour }) => (
      <span title={`${formatCount(valuesPerHour)} ${text.head.perHour}`}>{formatCount(values)}</span>
    ),
    sortBy: ({ values }) => values,
  },
  {
    key: 'first',
    head: text.head.first,
    width: '160px',
    cell: ({ firstMessageId }) => (
      <Link href={`/event/${encodeURIComponent(firstMessageId)}`}>
        <Foreign text={firstMessageId} mono />
      </Link>
    ),
  },
  {
    key: 'sample',
    head: text.head.sample,
    width: '11%',
    cell: ({ sample }) => <Foreign text={sample} mono />,
  },
  {
    key: 'decide',
    head: text.head.decide,
    width: '204px',
    cell: ({ table, path, eventType, rejectedAt }) => {
      const title = (verb: string): ReactNode => (
        <>
          {verb} <Foreign text={eventType ?? `${table} ${path}`} mono />
        </>
      );
      const { names, fields } = actionWords;
      const reason = { name: 'reason', label: fields.reason, as: 'text' } as const;
      return (
        <span className="decide">
          <ActionButton
            kind="approve"
            input={{ table, path }}
            fields={[reason]}
            title={title(names.approve)}
            isMain
          />
          {rejectedAt === null ? (
            <ActionButton
              kind="reject"
              input={{ table, path }}
              fields={[{ ...reason, isRequired: true }]}
              title={title(names.reject)}
            />
          ) : null}
          <PullRequestLink table={table} />
        </span>
      );
    },
  },
];
