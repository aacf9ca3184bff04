import type { JsonObject } from '../rules/json.js';
import { type Type, typeOfName } from '../query/compile/types.js';
import { readerOf } from '../query/syntax/parse.js';
import { readTypeName } from '../query/syntax/type-parser.js';
import { deleteRoutine } from '../operations/routine-operations.js';
import type { RoutineEntry, RoutineName } from '../warehouse/catalog.js';
import type { Warehouse } from '../warehouse/warehouse.js';
import { page } from './paging.js';
import { type ApiRequest, type Route, route } from './router.js';

/**
 * `routines.list`, `get` and `delete` of REST v2; functions are made by CREATE FUNCTION.
 *
 * Source: cloud.google.com/bigquery/docs/reference/rest/v2/routines, from memory on 2026-11-29.
 */
export function routineRoutes(warehouse: Warehouse): Route[] {
  const all = '/projects/:projectId/datasets/:datasetId/routines';
  const one = `${all}/:routineId`;
  return [
    route('GET', 'routines.list', all, (request) => {
      const { projectId, datasetId } = routineName(request);
      warehouse.catalog.requireDataset(projectId, datasetId);
      const { items, nextPageToken } = page(warehouse.catalog.routines(projectId, datasetId), {
        maxResults: request.query.get('maxResults'),
        pageToken: request.query.get('pageToken'),
      });
      const routines = items.map((entry) => listItem(entry));
      return {
        body: {
          ...(routines.length === 0 ? {} : { routines }),
          ...(nextPageToken === undefined ? {} : { nextPageToken }),
        },
      };
    }),
    route('GET', 'routines.get', one, (request) => ({
      body: routineResource(warehouse.catalog.requireRoutine(routineName(request))),
    })),
    route('DELETE', 'routines.delete', one, async (request) => {
      await deleteRoutine(warehouse, routineName(request));
      return { status: 204 };
    }),
  ];
}

function routineName(request: ApiRequest): RoutineName {
  return {
    projectId: request.params['projectId'] ?? '',
    datasetId: request.params['datasetId'] ?? '',
    routineId: request.params['routineId'] ?? '',
  };
}

function listItem(entry: RoutineEntry): JsonObject {
  return {
    etag: entry.etag,
    routineReference: entry.name,
    routineType: entry.kind,
    language: 'SQL',
    creationTime: String(entry.createdMs),
    lastModifiedTime: String(entry.modifiedMs),
  };
}

function routineResource(entry: RoutineEntry): JsonObject {
  return {
    ...listItem(entry),
    ...(entry.parameters.length === 0
      ? {}
      : {
          arguments: entry.parameters.map(({ name, type }) =>
            type === undefined
              ? { name, argumentKind: 'ANY_TYPE' }
              : { name, argumentKind: 'FIXED_TYPE', dataType: dataType(type) },
          ),
        }),
    ...(entry.returns === undefined ? {} : { returnType: dataType(entry.returns) }),
    definitionBody: entry.body,
    ...(entry.description === undefined ? {} : { description: entry.description }),
  };
}

/** `StandardSqlDataType` of a type's text. */
function dataType(text: string): JsonObject {
  return standardType(typeOfName(readTypeName(readerOf(text))));
}

function standardType(type: Type): JsonObject {
  if (type.kind === 'ARRAY') return { typeKind: 'ARRAY', arrayElementType: standardType(type.element) };
  if (type.kind !== 'STRUCT') return { typeKind: type.kind };
  const fields = type.fields.map(({ name, type: inner }) => ({
    ...(name === undefined ? {} : { name }),
    type: standardType(inner),
  }));
  return { typeKind: 'STRUCT', structType: { fields } };
}
