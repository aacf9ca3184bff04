import { ItemsDto, type ContractDto, type PropertyDto, type SchemaObjectDto } from '../odcs/contract.dto.js';
import { enumValues } from '../odcs/read-rules.js';

/**
 * One change between two versions of a contract that can break a consumer.
 *
 * `error`: certainly; `warning`: it cannot be decided, for example when a pattern changes. `place` is made of names.
 */
export interface BreakingChange {
  readonly level: 'error' | 'warning';
  readonly place: string;
  readonly message: string;
}

/**
 * Returns the changes that can break those who read the table: what a version promised and the next does not.
 *
 * Pure. A removed table or column, another type (a wider one too: typed clients must be changed), a promise given up (required,
 * unique, primaryKey), an allowed range or list of values that grows. Additions break no reader.
 */
export function breaking(before: ContractDto, after: ContractDto): readonly BreakingChange[] {
  const found: BreakingChange[] = [];
  for (const table of before.schema ?? []) {
    const next = after.schema?.find(({ name }) => name === table.name);
    if (next === undefined) found.push({ level: 'error', place: table.name, message: 'The table is gone' });
    else found.push(...ofTable(table, next));
  }
  return found;
}

function ofTable(before: SchemaObjectDto, after: SchemaObjectDto): readonly BreakingChange[] {
  const place = before.name;
  return [
    ...ofPhysicalName(before, after, place),
    ...ofProperties(before.properties, after.properties, place),
  ];
}

function ofProperties(
  before: readonly PropertyDto[] = [],
  after: readonly PropertyDto[] = [],
  above: string,
): readonly BreakingChange[] {
  const primaryKeys = Math.max(
    ...[before, after].map((list) => list.filter(({ primaryKey }) => primaryKey === true).length),
  );
  return before.flatMap((property) => {
    const place = `${above}.${property.name}`;
    const next = after.find(({ name }) => name === property.name);
    if (next === undefined) return [{ level: 'error', place, message: 'The column is gone' }];
    return [
      ...ofPhysicalName(property, next, place),
      ...ofKey(property, next, place, primaryKeys > 1),
      ...ofItems(property, next, place),
    ];
  });
}

/** A column and the elements of a list: types, promises, fields. */
function ofItems(before: ItemsDto, after: ItemsDto, place: string): readonly BreakingChange[] {
  return [
    ...ofText('logicalType', before.logicalType, after.logicalType, place),
    ...ofText('physicalType', before.physicalType, after.physicalType, place),
    ...ofPromise('required', before.required, after.required, place),
    ...ofPromise('unique', before.unique, after.unique, place),
    ...ofEnum(before.enum, after.enum, place),
    ...ofOptions(before.logicalTypeOptions ?? {}, after.logicalTypeOptions ?? {}, place),
    ...ofProperties(before.properties, after.properties, place),
    ...ofElements(before.items, after.items, `${place}[]`),
  ];
}

function ofElements(
  before: ItemsDto | undefined,
  after: ItemsDto | undefined,
  place: string,
): readonly BreakingChange[] {
  if (before === undefined) return [];
  return ofItems(before, after ?? new ItemsDto(), place);
}

function ofText(
  what: string,
  before: string | undefined,
  after: string | undefined,
  place: string,
): readonly BreakingChange[] {
  if (before === undefined || before === after) return [];
  const message =
    after === undefined ? `${what} ${before} is gone` : `${what} changes from ${before} to ${after}`;
  return [{ level: 'error', place, message }];
}

interface Named {
  readonly name: string;
  readonly physicalName?: string;
}

function ofPhysicalName(before: Named, after: Named, place: string): readonly BreakingChange[] {
  const [from, to] = [before.physicalName ?? before.name, after.physicalName ?? after.name];
  return from === to
    ? []
    : [{ level: 'error', place, message: `The name in BigQuery changes from ${from} to ${to}` }];
}

/** A value more is one that readers do not expect. */
function ofEnum(before: unknown, after: unknown, place: string): readonly BreakingChange[] {
  if (before === undefined) return [];
  if (after === undefined) return [{ level: 'error', place, message: 'The list of allowed values is gone' }];
  const allowed = new Set(enumValues(before).map(String));
  const added = enumValues(after)
    .map(String)
    .filter((value) => !allowed.has(value));
  return added.length === 0
    ? []
    : [{ level: 'error', place, message: `More values are allowed: ${added.join(', ')}` }];
}

function ofPromise(what: string, before = false, after = false, place: string): readonly BreakingChange[] {
  return before && !after ? [{ level: 'error', place, message: `It is no longer ${what}` }] : [];
}

/** A column that joins or leaves a key of several columns changes what the key promises, in both directions. */
function ofKey(
  before: PropertyDto,
  after: PropertyDto,
  place: string,
  isComposite: boolean,
): readonly BreakingChange[] {
  const [was, is] = [before.primaryKey === true, after.primaryKey === true];
  if (was === is || (is && !isComposite)) return [];
  return [{ level: 'error', place, message: is ? 'It joins the primary key' : 'It leaves the primary key' }];
}

/** Limits of which a larger value allows less; of the others a smaller one does. */
const LOWER_LIMITS: readonly string[] = ['minLength', 'minimum', 'exclusiveMinimum', 'minItems'];
const UPPER_LIMITS: readonly string[] = ['maxLength', 'maximum', 'exclusiveMaximum', 'maxItems'];

type Options = Readonly<Record<string, unknown>>;

function ofOptions(before: Options, after: Options, place: string): readonly BreakingChange[] {
  return Object.entries(before).flatMap(([option, from]): readonly BreakingChange[] => {
    const isLower = LOWER_LIMITS.includes(option);
    if (!isLower && !UPPER_LIMITS.includes(option) && option !== 'pattern') return [];
    const to = after[option];
    if (isSame(from, to)) return [];
    if (to === undefined)
      return [{ level: 'error', place, message: `${option} ${JSON.stringify(from)} is gone` }];
    const message = `${option} changes from ${JSON.stringify(from)} to ${JSON.stringify(to)}`;
    if (typeof from !== 'number' || typeof to !== 'number') return [{ level: 'warning', place, message }];
    return (isLower ? to < from : to > from) ? [{ level: 'error', place, message }] : [];
  });
}

function isSame(from: unknown, to: unknown): boolean {
  return JSON.stringify(from) === JSON.stringify(to);
}
