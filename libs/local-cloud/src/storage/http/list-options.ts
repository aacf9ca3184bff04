import type { ListOptions } from '../objects/list-page.js';
import { parseCount } from '../state/preconditions.js';
import { StorageError, notSupported } from '../state/storage.errors.js';

const MAX_PAGE = 1_000;

/** Read the parameters of a listing. Refuses with 501 what would change the result and is not supported. */
export function parseListOptions(query: URLSearchParams): ListOptions {
  if (query.get('softDeleted') === 'true') throw notSupported('soft deletion');
  for (const name of ['matchGlob', 'filter']) {
    if ((query.get(name) ?? '') !== '') throw notSupported(`the parameter ${name}`);
  }
  const maxResults = parseCount(query.get('maxResults'), 'maxResults') ?? MAX_PAGE;
  if (maxResults === 0) throw new StorageError('invalid', 'Invalid value for parameter maxResults: 0');
  const pageToken = query.get('pageToken') ?? '';
  return {
    prefix: query.get('prefix') ?? '',
    delimiter: query.get('delimiter') ?? '',
    includeTrailingDelimiter: query.get('includeTrailingDelimiter') === 'true',
    startOffset: query.get('startOffset') ?? '',
    endOffset: query.get('endOffset') ?? '',
    maxResults: Math.min(maxResults, MAX_PAGE),
    pageToken: pageToken === '' ? null : pageToken,
  };
}
