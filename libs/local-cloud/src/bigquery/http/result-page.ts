import { weighCells } from '../query/read-rows.js';
import type { StatementResult } from '../query/query-engine.js';
import type { JsonObject } from '../rules/json.js';
import { toWireRow } from '../rules/result-row.js';
import { page } from './paging.js';

/** A page of a result has at most 10 MB, whatever `maxResults` says. Source: reference of `jobs.query`, from memory. */
const MAX_PAGE_BYTES = 10_000_000;

/** The part of a result that a request asks for. */
export interface PageRequest {
  readonly maxResults: number | undefined;
  readonly pageToken: string | undefined;
  readonly startIndex: string | undefined;
  readonly useInt64Timestamp: boolean;
}

/** The request of a URL's parameters. */
export function pageRequestOf(query: URLSearchParams): PageRequest {
  return {
    maxResults: maxResultsOf(query.get('maxResults')),
    pageToken: query.get('pageToken') ?? undefined,
    startIndex: query.get('startIndex') ?? undefined,
    useInt64Timestamp: usesInt64(query),
  };
}

export function maxResultsOf(value: unknown): number | undefined {
  return value === undefined || value === null ? undefined : Number(value);
}

/** True if a URL asks for timestamps in microseconds. */
export function usesInt64(query: URLSearchParams): boolean {
  return /^true$/i.test(query.get('formatOptions.useInt64Timestamp') ?? '');
}

/** `rows` and `pageToken` of an answer, each only if there is one. */
export function resultPage(
  { rows, fields }: Pick<StatementResult, 'rows' | 'fields'>,
  request: PageRequest,
): JsonObject {
  const { maxResults = null, pageToken = null, startIndex = null } = request;
  const { items, nextPageToken } = page(
    rows,
    { maxResults, pageToken, startIndex },
    { maxBytes: MAX_PAGE_BYTES, weigh: weighCells },
  );
  return {
    ...(items.length === 0 ? {} : { rows: items.map((cells) => toWireRow(cells, fields, request)) }),
    ...(nextPageToken === undefined ? {} : { pageToken: nextPageToken }),
  };
}
