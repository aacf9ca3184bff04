import { CHANGE_VERBS, isPipelineColumn, NEW_TYPE_VERBS, type ColumnMode } from '@pipeline/schema-inference';
import {
  PROPERTY,
  type Contract,
  type ContractColumn,
  type ContractProblem,
  type ContractRule,
} from '../model/contract.js';
import { parseTypeText, typeOfLogical, type PhysicalType } from '../model/type-text.js';
import type {
  ContractDto,
  CustomPropertyDto,
  ItemsDto,
  PropertyDto,
  SchemaObjectDto,
} from './contract.dto.js';
import { ContractDocument, type DocumentPath } from './contract-document.js';
import { readRules } from './read-rules.js';
import { placeOf, validateContract } from './validate-contract.js';

/** A file that was read, or everything that is wrong with it. */
export type ReadContract =
  | {
      readonly kind: 'contract';
      readonly contract: Contract;
      readonly dto: ContractDto;
      readonly document: ContractDocument;
    }
  | { readonly kind: 'problems'; readonly problems: readonly ContractProblem[] };

/**
 * Reads one file of the Open Data Contract Standard, v3.1 or a newer version 3.
 *
 * Pure. Reports every mistake in what the pipeline uses, each with its line; keeps what it does not know.
 * @param file the name for messages, for example `contracts/orders.odcs.yaml`
 */
export function readContract(file: string, text: string): ReadContract {
  const document = new ContractDocument(file, text);
  const validated = validateContract(document);
  if ('problems' in validated) return { kind: 'problems', problems: validated.problems };
  const reader = new ContractReader(document);
  const contract = reader.read(validated.contract);
  const { problems } = reader;
  return problems.length > 0
    ? { kind: 'problems', problems }
    : { kind: 'contract', contract, dto: validated.contract, document };
}

const CHANGE_PROPERTIES = [PROPERTY.newColumns, PROPERTY.typeChanges] as const;

class ContractReader {
  readonly problems: ContractProblem[] = [];

  constructor(private readonly document: ContractDocument) {}

  read({ schema = [], customProperties = [] }: ContractDto): Contract {
    const { file } = this.document;
    const [table] = schema;
    if (table !== undefined) return this.#table(table, customProperties);
    this.#refuseMisplaced(customProperties, [], [PROPERTY.newTypes]);
    const newTypes = this.#verb(customProperties, [], PROPERTY.newTypes, NEW_TYPE_VERBS) ?? 'evolve';
    return { kind: 'dataset', file, newTypes };
  }

  #table(table: SchemaObjectDto, above: readonly CustomPropertyDto[]): Contract {
    const path: DocumentPath = ['schema', 0];
    const { customProperties: own = [] } = table;
    this.#refuseMisplaced(above, [], []);
    this.#refuseMisplaced(own, path, [PROPERTY.eventTypes, ...CHANGE_PROPERTIES]);
    return {
      kind: 'table',
      file: this.document.file,
      table: table.physicalName ?? table.name,
      line: this.document.line([...path, 'name']),
      eventTypes: this.#eventTypes(own, path),
      newColumns: this.#verb(own, path, PROPERTY.newColumns, CHANGE_VERBS) ?? 'evolve',
      typeChanges: this.#verb(own, path, PROPERTY.typeChanges, CHANGE_VERBS) ?? 'evolve',
      columns: this.#columns(table.properties ?? [], path),
    };
  }

  #columns(properties: readonly PropertyDto[], above: DocumentPath): readonly ContractColumn[] {
    const seen = new Set<string>();
    return properties.flatMap((property, index) => {
      const path = [...above, 'properties', index];
      const name = property.physicalName ?? property.name;
      const lower = name.toLowerCase();
      if (seen.has(lower))
        this.#problem(path, `column ${name} is described twice`, 'Keep one of the two entries');
      else if (above.length === 2 && isPipelineColumn(name)) {
        this.#problem(path, `${name} is a column of the pipeline, which every table has`, 'Delete the entry');
      } else {
        seen.add(lower);
        const column = this.#column(name, property, path);
        return column === null ? [] : [column];
      }
      return [];
    });
  }

  #column(name: string, property: PropertyDto, path: DocumentPath): ContractColumn | null {
    const type = this.#type(property, path);
    if (type === null) return null;
    const own = property.customProperties ?? [];
    const key = valueOf(own, PROPERTY.key);
    const newColumns = this.#verb(own, path, PROPERTY.newColumns, CHANGE_VERBS);
    const typeChanges = this.#verb(own, path, PROPERTY.typeChanges, CHANGE_VERBS);
    this.#refuseMisplaced(own, path, [PROPERTY.key, ...CHANGE_PROPERTIES]);
    if (newColumns !== undefined && type.type !== 'RECORD') {
      this.#problem(
        path,
        `${PROPERTY.newColumns} is set for ${name}, which has no fields`,
        'Delete it, or set it for a record',
      );
    }
    return {
      name,
      ...(typeof key === 'string' ? { key } : {}),
      ...type,
      rules: this.#rules(property, path),
      ...(property.items === undefined
        ? {}
        : { elementRules: this.#rules(property.items, [...path, 'items']) }),
      ...(newColumns === undefined ? {} : { newColumns }),
      ...(typeChanges === undefined ? {} : { typeChanges }),
      ...(type.type === 'RECORD' ? { columns: this.#fields(property, path) } : {}),
      line: this.document.line([...path, 'name']),
    };
  }

  #rules(property: ItemsDto, path: DocumentPath): readonly ContractRule[] {
    const { rules, mistakes } = readRules(property);
    for (const { place, problem, remedy } of mistakes)
      this.#problem([...path, ...place.split('.')], problem, remedy);
    return rules;
  }

  /** The fields of a record, or of the elements of a list of records. */
  #fields(property: PropertyDto, path: DocumentPath): readonly ContractColumn[] {
    const { items } = property;
    return items === undefined
      ? this.#columns(property.properties ?? [], path)
      : this.#columns(items.properties ?? [], [...path, 'items']);
  }

  #type(property: PropertyDto, path: DocumentPath): PhysicalType | null {
    const own = this.#ownType(property, path);
    if (own === null || property.logicalType !== 'array') return own;
    if (own.mode === 'REPEATED' && property.items === undefined) return own;
    if (property.items === undefined) {
      this.#problem(path, `${property.name} is an array without items`, 'Describe the elements below items');
      return null;
    }
    const element = this.#ownType(property.items, [...path, 'items']);
    return element === null ? null : { ...element, mode: 'REPEATED' };
  }

  /** The type that an entry states itself, `physicalType` first. */
  #ownType({ physicalType, logicalType, properties }: ItemsDto, path: DocumentPath): PhysicalType | null {
    const mode: ColumnMode = 'NULLABLE';
    if (physicalType !== undefined) {
      const type = parseTypeText(physicalType);
      if (type === null) {
        this.#problem(
          [...path, 'physicalType'],
          `physicalType ${physicalType} is no BigQuery type`,
          'Use a type such as STRING, INT64, NUMERIC, TIMESTAMP, JSON, STRUCT or ARRAY<STRING>',
        );
      }
      return type;
    }
    if (logicalType === 'array') return { type: 'JSON', mode };
    if (logicalType === 'object' && properties === undefined) return { type: 'JSON', mode };
    const type = logicalType === undefined ? null : typeOfLogical(logicalType);
    if (type === null)
      this.#problem(path, 'The column has no type', 'Add physicalType: with a BigQuery type');
    return type === null ? null : { type, mode };
  }

  #eventTypes(properties: readonly CustomPropertyDto[], path: DocumentPath): readonly string[] | null {
    const value = valueOf(properties, PROPERTY.eventTypes);
    if (value === undefined) return null;
    if (Array.isArray(value) && value.every((item): item is string => typeof item === 'string')) return value;
    this.#problem(
      this.#pathOf(properties, path, PROPERTY.eventTypes),
      'pipeline.eventTypes is not a list of texts',
      'Write value: [TYPE, …]',
    );
    return null;
  }

  #verb<T extends string>(
    properties: readonly CustomPropertyDto[],
    path: DocumentPath,
    name: string,
    verbs: readonly T[],
  ): T | undefined {
    const value = valueOf(properties, name);
    if (value === undefined) return undefined;
    const verb = verbs.find((candidate) => candidate === value);
    if (verb === undefined) {
      this.#problem(
        this.#pathOf(properties, path, name),
        `${name} is ${JSON.stringify(value)}`,
        `Use ${verbs.join(', ')}`,
      );
    }
    return verb;
  }

  /** A property of the pipeline where it has no effect is a mistake, not something to ignore. */
  #refuseMisplaced(
    properties: readonly CustomPropertyDto[],
    path: DocumentPath,
    allowed: readonly string[],
  ): void {
    for (const { property } of properties) {
      if (!property.startsWith('pipeline.') || allowed.includes(property)) continue;
      const isKnown = Object.values<string>(PROPERTY).includes(property);
      const remedy = isKnown ? homeOf(property) : `Use one of ${Object.values(PROPERTY).join(', ')}`;
      this.#problem(this.#pathOf(properties, path, property), `${property} has no effect here`, remedy);
    }
  }

  #pathOf(properties: readonly CustomPropertyDto[], path: DocumentPath, name: string): DocumentPath {
    const index = properties.findIndex(({ property }) => property === name);
    return [...path, 'customProperties', index];
  }

  #problem(path: DocumentPath, problem: string, remedy: string): void {
    const { file } = this.document;
    const place = placeOf(path);
    this.problems.push({
      file,
      line: this.document.line(path),
      problem: place === '' ? problem : `${place}: ${problem}`,
      remedy,
    });
  }
}

function valueOf(properties: readonly CustomPropertyDto[], name: string): unknown {
  return properties.find(({ property }) => property === name)?.value;
}

function homeOf(property: string): string {
  if (property === PROPERTY.newTypes) return 'Move it to customProperties of dataset.odcs.yaml';
  if (property === PROPERTY.eventTypes) return 'Move it to customProperties of the table, below schema';
  if (property === PROPERTY.key) return 'Move it to customProperties of a column';
  return 'Move it to customProperties of the table or of a column, below schema';
}
