import { invalidQuery } from '../rules/api-error.js';
import type { Field } from '../rules/field-schema.js';
import type { TableName } from '../rules/table-resource.js';
import type { Warehouse } from '../warehouse/warehouse.js';

export class QueryEngine {
  constructor(readonly warehouse: Warehouse) {}
  describeView(_query: string, _name: TableName): Promise<readonly Field[]> {
    return Promise.reject(invalidQuery('Views are not supported yet.'));
  }
}
