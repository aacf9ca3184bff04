import { invalid } from '../bigquery/rules/api-error.js';
import type { TableName } from '../bigquery/rules/table-resource.js';

const NAME = /^projects\/([^/]+)\/datasets\/([^/]+)\/tables\/([^/]+)(?:\/(?:streams\/)?([^/]+))?$/;

/**
 * The table that a stream name leads to: `…/tables/t/_default` or `…/tables/t/streams/_default`.
 *
 * Errors: 400 for other names, and for streams other than the default one.
 */
export function tableOfStream(name: string): TableName {
  const match = NAME.exec(name);
  if (match === null) throw invalid(`Invalid stream name: ${name}`);
  const [, projectId = '', datasetId = '', tableId = '', stream = '_default'] = match;
  if (stream !== '_default') throw invalid(`Only the default stream is supported by this server: ${name}`);
  return { projectId, datasetId, tableId };
}
