import { type ApiRequest, type ApiReply, type Route, route } from '../http/router.js';
import { invalid } from '../rules/api-error.js';
import { stringAt } from '../rules/json.js';
import type { TableName } from '../rules/table-resource.js';
import type { Warehouse } from '../warehouse/warehouse.js';
import type { Faults } from './faults.js';

/** Everything that admin calls set. */
export interface Switches {
  readonly metadataLagMs: number;
  readonly tableMetadataLagMs: Readonly<Record<string, number>>;
  readonly metadataRateLimit: boolean;
  readonly reserveDroppedColumns: boolean;
  readonly faults: ReturnType<Faults['list']>;
}

export function switchesOf(warehouse: Warehouse, faults: Faults): Switches {
  return {
    metadataLagMs: warehouse.metadataLagMs,
    tableMetadataLagMs: Object.fromEntries(warehouse.tableLags()),
    metadataRateLimit: warehouse.rateLimit.enabled,
    reserveDroppedColumns: warehouse.reserveDroppedColumns,
    faults: faults.list(),
  };
}

/**
 * Calls that change how the server behaves, for tests and the lab; no part of BigQuery.
 *
 * `GET /admin` shows everything; `PUT /admin/metadata-lag`, `PUT /admin/metadata-rate-limit`,
 * `PUT /admin/dropped-columns`, `POST|GET|DELETE /admin/faults`, `DELETE /admin/faults/ID`. Bodies are in the README.
 */
export function adminRoutes(warehouse: Warehouse, faults: Faults): Route[] {
  const show = (): ApiReply => ({ body: switchesOf(warehouse, faults) });
  return [
    route('GET', 'admin.get', '/admin', show),
    route('PUT', 'admin.setMetadataLag', '/admin/metadata-lag', (request) => {
      setLag(warehouse, request);
      return show();
    }),
    route('PUT', 'admin.setMetadataRateLimit', '/admin/metadata-rate-limit', (request) => {
      if (typeof request.body['enabled'] !== 'boolean')
        throw invalid('enabled must be true or false.', 'enabled');
      warehouse.rateLimit.enabled = request.body['enabled'];
      return show();
    }),
    route('PUT', 'admin.setDroppedColumns', '/admin/dropped-columns', (request) => {
      if (typeof request.body['reserved'] !== 'boolean')
        throw invalid('reserved must be true or false.', 'reserved');
      warehouse.reserveDroppedColumns = request.body['reserved'];
      return show();
    }),
    route('GET', 'admin.listFaults', '/admin/faults', () => ({ body: { faults: faults.list() } })),
    route('POST', 'admin.addFault', '/admin/faults', (request) => ({ body: faults.add(request.body) })),
    route('DELETE', 'admin.removeFaults', '/admin/faults', () => {
      faults.remove();
      return { status: 204 };
    }),
    route('DELETE', 'admin.removeFault', '/admin/faults/:id', (request) => {
      faults.remove(request.params['id']);
      return { status: 204 };
    }),
  ];
}

function setLag(warehouse: Warehouse, { body }: ApiRequest): void {
  const milliseconds = body['milliseconds'];
  const valid = typeof milliseconds === 'number' && milliseconds >= 0 && milliseconds <= 86_400_000;
  const table = stringAt(body, 'table');
  if (!valid && !(milliseconds === null && table !== undefined))
    throw invalid(
      'milliseconds must be from 0 to 86400000, or null to take back a lag of one table.',
      'milliseconds',
    );
  if (table === undefined) warehouse.metadataLagMs = Number(milliseconds);
  else warehouse.setTableLag(parseTable(table), valid ? milliseconds : undefined);
}

function parseTable(text: string): TableName {
  const match = /^([^:.]+)[:.]([^.]+)\.([^.]+)$/.exec(text);
  if (match === null) throw invalid('table must be PROJECT.DATASET.TABLE.', 'table');
  const [, projectId = '', datasetId = '', tableId = ''] = match;
  return { projectId, datasetId, tableId };
}
