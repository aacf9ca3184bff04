import { randomUUID } from 'node:crypto';
import { BigqueryError } from '../rules/api-error.js';
import { checkIfMatch, makeEtag } from '../rules/etag.js';
import { type JsonObject, objectAt, stringAt } from '../rules/json.js';
import { checkDatasetId } from '../rules/names.js';
import { checkLabels, chosenDatasetProperties, mergePatch, tableKey } from '../rules/table-resource.js';
import {
  type DatasetEntry,
  deleteEntries,
  deleteEntry,
  routineKey,
  storeEntry,
} from '../warehouse/catalog.js';
import { dropPhysical } from '../warehouse/physical-tables.js';
import type { Warehouse } from '../warehouse/warehouse.js';

/** Makes a dataset; 409 `duplicate` when it exists, 400 for an id that cannot be. */
export function insertDataset(
  warehouse: Warehouse,
  projectId: string,
  body: JsonObject,
): Promise<DatasetEntry> {
  return warehouse.metadata.run(async () => {
    const datasetId = stringAt(objectAt(body, 'datasetReference'), 'datasetId') ?? '';
    checkDatasetId(datasetId);
    if (warehouse.catalog.dataset(projectId, datasetId) !== undefined)
      throw new BigqueryError({
        reason: 'duplicate',
        message: `Already Exists: Dataset ${projectId}:${datasetId}`,
      });
    const properties = chosenDatasetProperties(body);
    const nowMs = warehouse.now();
    return store(warehouse, {
      projectId,
      datasetId,
      properties,
      createdMs: nowMs,
      modifiedMs: nowMs,
      etag: '',
    });
  });
}

/** Changes a dataset's properties: laid over the present ones (`patch`) or in their place (`update`). */
export function changeDataset(
  warehouse: Warehouse,
  id: { readonly projectId: string; readonly datasetId: string },
  request: {
    readonly body: JsonObject;
    readonly manner: 'patch' | 'update';
    readonly ifMatch: string | undefined;
  },
): Promise<DatasetEntry> {
  return warehouse.metadata.run(async () => {
    const present = warehouse.catalog.requireDataset(id.projectId, id.datasetId);
    checkIfMatch(request.ifMatch, present.etag);
    const base =
      request.manner === 'patch' ? present.properties : { location: present.properties['location'] };
    const properties = chosenDatasetProperties(mergePatch(base, request.body));
    return store(warehouse, { ...present, properties, modifiedMs: warehouse.now() });
  });
}

/** Removes a dataset; 400 `resourceInUse` while it has tables or routines, unless these go too. */
export function deleteDataset(
  warehouse: Warehouse,
  id: { readonly projectId: string; readonly datasetId: string },
  deleteContents: boolean,
): Promise<void> {
  return warehouse.metadata.run(async () => {
    const { catalog, database } = warehouse;
    catalog.requireDataset(id.projectId, id.datasetId);
    const tables = catalog.tables(id.projectId, id.datasetId);
    const routines = catalog.routines(id.projectId, id.datasetId);
    if (tables.length + routines.length > 0 && !deleteContents)
      throw new BigqueryError({
        reason: 'resourceInUse',
        message: `Dataset ${id.projectId}:${id.datasetId} is still in use`,
      });
    await database.transaction(async (connection) => {
      const [tableKeys, routineKeys] = [
        tables.map(({ name }) => tableKey(name)),
        routines.map(({ name }) => routineKey(name)),
      ];
      await deleteEntries(connection, 'table', tableKeys, warehouse.log.last);
      await deleteEntries(connection, 'routine', routineKeys, 0);
      for (const { physical } of tables) await dropPhysical(connection, physical);
      await deleteEntry(connection, 'dataset', `${id.projectId}:${id.datasetId}`, warehouse.log.last);
    });
    for (const table of tables) {
      catalog.removeTable(table.name);
      warehouse.forgetTable(table.name);
    }
    for (const { name } of routines) catalog.removeRoutine(name);
    catalog.removeDataset(id.projectId, id.datasetId);
  });
}

async function store(warehouse: Warehouse, draft: DatasetEntry): Promise<DatasetEntry> {
  checkLabels(draft.properties['labels']);
  const key = `${draft.projectId}:${draft.datasetId}`;
  const entry = { ...draft, etag: makeEtag(key, randomUUID()) };
  await warehouse.database.transaction((connection) => storeEntry(connection, 'dataset', key, entry, 0));
  warehouse.catalog.putDataset(entry);
  return entry;
}
