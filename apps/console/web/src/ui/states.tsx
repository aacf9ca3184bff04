import type { UseQueryResult } from '@tanstack/react-query';
import { Component, type ReactNode } from 'react';
import { ApiError } from '../api/client';
import { visibleText } from '../format';
import { words } from '../messages';

/** Placeholder of a screen that waits for an answer. */
export function Loading(): ReactNode {
  return (
    <div role="status" aria-label={words.loading}>
      <div className="skeleton" />
      <div className="skeleton" />
    </div>
  );
}

/** Nothing to show, and what to do. */
export function Empty({ title, hint }: { readonly title: string; readonly hint?: string }): ReactNode {
  return (
    <div className="state">
      <p className="state-title">{title}</p>
      {hint === undefined ? null : <p className="muted">{hint}</p>}
    </div>
  );
}

/** A failure in the words of the API, and a way on. */
export function Failure({ error, retry }: { readonly error: Error; readonly retry?: () => void }): ReactNode {
  const isApi = error instanceof ApiError;
  return (
    <div className="panel">
      <div className="state" role="alert">
        <p className="state-title">
          {isApi && error.message !== '' ? visibleText(error.message) : words.failed}
        </p>
        <p className="muted">{isApi ? `${error.status} ${error.code}` : words.failedHint}</p>
        {retry === undefined ? null : (
          <button type="button" className="button" onClick={retry}>
            {words.retry}
          </button>
        )}
      </div>
    </div>
  );
}

/** The answer of a query, or its state. An answer that could not be read again stays, with the failure above it. */
export function Answered<Data>({
  query,
  children,
}: {
  readonly query: UseQueryResult<Data>;
  readonly children: (data: Data) => ReactNode;
}): ReactNode {
  const retry = (): void => void query.refetch();
  if (query.data === undefined)
    return query.error === null ? <Loading /> : <Failure error={query.error} retry={retry} />;
  return (
    <>
      {query.error === null ? null : <Failure error={query.error} retry={retry} />}
      {children(query.data)}
    </>
  );
}

/** Shows a failure in the place of a part that cannot be drawn; the rest of the page stays. */
export class Guarded extends Component<{ readonly children: ReactNode }, { readonly error: Error | null }> {
  override readonly state: { readonly error: Error | null } = { error: null };

  static getDerivedStateFromError(error: unknown): { readonly error: Error } {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override render(): ReactNode {
    const { error } = this.state;
    return error === null ? (
      this.props.children
    ) : (
      <Empty title={words.broken} hint={visibleText(error.message)} />
    );
  }
}
