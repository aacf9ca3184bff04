import type { Column, TableSchema } from '@pipeline/schema-inference';
import { isMap, isSeq, parseDocument, type Document, type YAMLMap } from 'yaml';
import { diff } from '../compare/diff.js';
import { readContract } from './read-contract.js';
import { eventColumns, toProperty, YAML_OPTIONS } from './write-contract.js';

/**
 * Returns a file with columns added that the table has and the file lacks: in the table's order, after what is there.
 * Comments, order and everything else of the file stay.
 */
export function withMissingColumns(text: string, schema: TableSchema): string {
  const document = parseDocument(text, YAML_OPTIONS);
  const table: unknown = document.getIn(['schema', 0], true);
  if (!isMap(table)) return text;
  const hasChanged = addMissing(document, table, eventColumns(schema));
  return hasChanged ? document.toString({ lineWidth: 0 }) : text;
}

/**
 * Returns a file as the table is: missing columns added, and types that differ replaced. A type that is wider than the table's stays,
 * because `contracts apply` makes it. Everything else of the file stays, columns included that the table lacks.
 */
export function withTable(file: string, text: string, schema: TableSchema): string {
  const completed = withMissingColumns(text, schema);
  const read = readContract(file, completed);
  if (read.kind !== 'contract' || read.contract.kind !== 'table') return completed;
  const differing = diff(read.contract, schema).filter(
    (difference) => difference.kind === 'type' && !difference.isWidening,
  );
  if (differing.length === 0) return completed;
  const document = parseDocument(completed, YAML_OPTIONS);
  for (const { path } of differing) retype(document, eventColumns(schema), path);
  return document.toString({ lineWidth: 0 });
}

/** Gives one property the type of its column. */
function retype(document: Document, columns: readonly Column[], path: readonly string[]): void {
  let owner: unknown = document.getIn(['schema', 0], true);
  let property: YAMLMap | undefined;
  let column: Column | undefined;
  let fields: readonly Column[] = columns;
  for (const name of path) {
    property = isMap(owner) ? propertyOf(owner, name) : undefined;
    column = fields.find((candidate) => candidate.name.toLowerCase() === name.toLowerCase());
    fields = column?.columns ?? [];
    const items: unknown = property?.get('items');
    owner = isMap(items) ? items : property;
  }
  if (property === undefined || column === undefined) return;
  const described = toProperty(column);
  for (const name of TYPE_PROPERTIES) {
    if (described[name] === undefined) property.delete(name);
    else property.set(name, document.createNode(described[name]));
  }
}

const TYPE_PROPERTIES = ['logicalType', 'physicalType', 'items', 'properties'] as const;

function addMissing(document: Document, owner: YAMLMap, columns: readonly Column[]): boolean {
  let hasChanged = false;
  for (const column of columns) {
    const present = propertyOf(owner, column.name);
    if (present === undefined) {
      const list: unknown = owner.get('properties');
      if (isSeq(list)) list.add(document.createNode(toProperty(column)));
      else owner.set('properties', document.createNode([toProperty(column)]));
      hasChanged = true;
    } else if (column.columns !== undefined) {
      const items: unknown = present.get('items');
      if (addMissing(document, isMap(items) ? items : present, column.columns)) hasChanged = true;
    }
  }
  return hasChanged;
}

function propertyOf(owner: YAMLMap, name: string): YAMLMap | undefined {
  const list: unknown = owner.get('properties');
  if (!isSeq(list)) return undefined;
  return list.items.find(
    (item): item is YAMLMap =>
      isMap(item) &&
      String(item.get('physicalName') ?? item.get('name')).toLowerCase() === name.toLowerCase(),
  );
}
