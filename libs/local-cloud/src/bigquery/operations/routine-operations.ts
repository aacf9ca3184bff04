import { randomUUID } from 'node:crypto';
import { BigqueryError } from '../rules/api-error.js';
import { makeEtag } from '../rules/etag.js';
import { checkTableId } from '../rules/names.js';
import {
  deleteEntry,
  type RoutineEntry,
  routineKey,
  type RoutineName,
  storeEntry,
} from '../warehouse/catalog.js';
import type { Warehouse } from '../warehouse/warehouse.js';

/** Makes a function, or replaces it; 409 `duplicate` if the name is taken and `replace` is not set. */
export function createRoutine(
  warehouse: Warehouse,
  draft: Omit<RoutineEntry, 'createdMs' | 'modifiedMs' | 'etag'>,
  replace: boolean,
): Promise<RoutineEntry> {
  return warehouse.metadata.run(async () => {
    const { catalog, database } = warehouse;
    const { name } = draft;
    catalog.requireDataset(name.projectId, name.datasetId);
    checkTableId(name.routineId);
    const present = catalog.routine(name);
    const key = routineKey(name);
    if (present !== undefined && !replace)
      throw new BigqueryError({ reason: 'duplicate', message: `Already Exists: Routine ${key}` });
    const nowMs = warehouse.now();
    const entry: RoutineEntry = {
      ...draft,
      createdMs: present?.createdMs ?? nowMs,
      modifiedMs: nowMs,
      etag: makeEtag(key, randomUUID()),
    };
    await database.transaction((connection) => storeEntry(connection, 'routine', key, entry, 0));
    catalog.putRoutine(entry);
    return entry;
  });
}

/** Removes a function; 404 if there is none. */
export function deleteRoutine(warehouse: Warehouse, name: RoutineName): Promise<void> {
  return warehouse.metadata.run(async () => {
    const { catalog, database } = warehouse;
    catalog.requireRoutine(name);
    await database.transaction((connection) => deleteEntry(connection, 'routine', routineKey(name), 0));
    catalog.removeRoutine(name);
  });
}
