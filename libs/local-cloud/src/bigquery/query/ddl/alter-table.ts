import type { TableChange } from '../../operations/table-operations.js';
import { invalidQuery } from '../../rules/api-error.js';
import type { Field } from '../../rules/field-schema.js';
import type { JsonObject } from '../../rules/json.js';
import { checkSchema } from '../../rules/names.js';
import type { SchemaStep } from '../../rules/schema-change.js';
import { mergePatch, tableKey } from '../../rules/table-resource.js';
import { changeType } from '../../rules/type-change.js';
import type { TableEntry } from '../../warehouse/catalog.js';
import { columnOptions } from './column-parser.js';
import type { AlterAction } from './ddl-statement.js';
import { propertiesOfOptions } from './table-options.js';

interface Draft {
  readonly fields: Field[];
  /** Indexes of fields by their lower-case names: one statement may name each of 10,000. */
  readonly places: Map<string, number>;
  properties: JsonObject;
  readonly steps: SchemaStep[];
}

/** The change that all actions of one ALTER TABLE make together; all happen or none. */
export function planAlter(present: TableEntry, actions: readonly AlterAction[]): TableChange {
  const draft: Draft = {
    fields: [...present.fields],
    places: new Map(present.fields.map(({ name }, index) => [name.toLowerCase(), index])),
    properties: present.properties,
    steps: [],
  };
  for (const action of actions) planAction(tableKey(present.name), draft, action);
  checkSchema(draft.fields);
  const fields = draft.steps.length === 0 ? present.fields : draft.fields;
  return { fields, properties: draft.properties, steps: draft.steps };
}

function planAction(table: string, draft: Draft, action: AlterAction): void {
  switch (action.kind) {
    case 'addColumn':
      addColumn(table, draft, action.field, action.ifNotExists);
      return;
    case 'setOptions':
      draft.properties = mergePatch(draft.properties, propertiesOfOptions(action.options));
      return;
    case 'setDataType':
      replaceColumn(table, draft, action, (old) => changeType(table, old, action.field));
      return;
    case 'dropNotNull':
      replaceColumn(table, draft, action, (old) => {
        if (old.mode !== 'REQUIRED')
          throw invalidQuery(`Column ${old.name} of table ${table} is already nullable`);
        return { ...old, mode: 'NULLABLE' };
      });
      return;
    case 'setColumnOptions':
      replaceColumn(table, draft, action, (old) => withOptions(old, columnOptions(action.options)));
      return;
    case 'dropColumn':
    case 'renameColumn':
    case 'renameTo':
      throw invalidQuery(
        `ALTER TABLE cannot rename or drop in the same statement as other actions: table ${table}`,
      );
  }
}

function withOptions(field: Field, options: Partial<Field>): Field {
  const { description, ...rest } = field;
  return { ...rest, ...(description === undefined ? {} : { description }), ...options };
}

function addColumn(table: string, draft: Draft, field: Field, ifNotExists: boolean): void {
  const exists = draft.places.has(field.name.toLowerCase());
  if (exists && ifNotExists) return;
  if (exists) throw invalidQuery(`Column already exists: ${field.name} in table ${table}`);
  if (field.mode === 'REQUIRED')
    throw invalidQuery(`Cannot add required columns to an existing schema: ${field.name} of table ${table}`);
  draft.places.set(field.name.toLowerCase(), draft.fields.push(field) - 1);
  draft.steps.push({ kind: 'add', path: [], field });
}

function replaceColumn(
  table: string,
  draft: Draft,
  target: { readonly column: string; readonly ifExists: boolean },
  change: (old: Field) => Field,
): void {
  const place = draft.places.get(target.column.toLowerCase()) ?? -1;
  const old = draft.fields[place];
  if (old === undefined) {
    if (target.ifExists) return;
    throw invalidQuery(`Column not found: ${target.column} in table ${table}`);
  }
  const next = change(old);
  draft.fields[place] = next;
  if (old.mode === 'REQUIRED' && next.mode !== 'REQUIRED')
    draft.steps.push({ kind: 'relax', path: [{ name: old.name, repeated: false }] });
  draft.steps.push({ kind: 'retype', before: old, after: next });
}
