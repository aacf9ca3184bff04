import type { TableAddress } from '../../ports.js';
import { invalidArgument } from '../wire/status.js';

const DOTTED = /^([^.:/]+)[.:]([^./]+)\.([^./]+)$/;
const PATH = /^projects\/([^/]+)\/datasets\/([^/]+)\/tables\/([^/]+)$/;

/** `p.d.t`, `p:d.t` or `projects/p/datasets/d/tables/t` → the parts; INVALID_ARGUMENT for anything else. */
export function parseTableName(name: string): TableAddress {
  const match = DOTTED.exec(name) ?? PATH.exec(name);
  const [, projectId, datasetId, tableId] = match ?? [];
  if (projectId === undefined || datasetId === undefined || tableId === undefined) {
    throw invalidArgument(
      `Invalid BigQuery table name: "${name}"; expected {projectId}.{datasetId}.{tableId}.`,
    );
  }
  return { projectId, datasetId, tableId };
}
