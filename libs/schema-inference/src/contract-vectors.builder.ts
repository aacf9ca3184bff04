import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  PIPELINE_COLUMNS,
  type ChangeVerb,
  type Column,
  type ColumnMode,
  type ColumnType,
  type TableSchema,
} from './schema/column.js';

/** A text of the vectors: itself, or pieces that are put one after the other. */
export type Text = string | readonly Piece[];
type Piece =
  | string
  | { readonly repeat: string; readonly times: number }
  | { readonly each: readonly [number, number]; readonly of: string; readonly separator?: string };

export interface VectorColumn {
  readonly name: string;
  readonly type: ColumnType;
  readonly mode?: ColumnMode;
  readonly description?: string;
  readonly maxLength?: number;
  readonly precision?: number;
  readonly scale?: number;
  readonly columns?: readonly VectorColumns[];
}
export type VectorColumns =
  VectorColumn | { readonly each: readonly [number, number]; readonly column: VectorColumn };

export interface VectorSchema {
  readonly columns: readonly VectorColumns[];
  readonly closed?: boolean;
  readonly newColumns?: ChangeVerb;
  readonly typeChanges?: ChangeVerb;
}

export interface Vector {
  readonly name: string;
  readonly kind: string;
  readonly expect: unknown;
  readonly [field: string]: unknown;
}

const DIRECTORY = join(import.meta.dirname, '../../../test/contracts');

/** Every case of every file, by suite. */
export function loadSuites(): readonly { readonly suite: string; readonly cases: readonly Vector[] }[] {
  return readdirSync(DIRECTORY)
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map(
      (file) => JSON.parse(readFileSync(join(DIRECTORY, file), 'utf8')) as { suite: string; cases: Vector[] },
    );
}

export function expandText(text: Text): string {
  return typeof text === 'string' ? text : text.map(expandPiece).join('');
}

function expandPiece(piece: Piece): string {
  if (typeof piece === 'string') return piece;
  if ('repeat' in piece) return piece.repeat.repeat(piece.times);
  return range(piece.each)
    .map((index) => piece.of.replaceAll('{i}', String(index)))
    .join(piece.separator ?? '');
}

function range([first, last]: readonly [number, number]): number[] {
  return Array.from({ length: last - first + 1 }, (_, offset) => first + offset);
}

/** A whole table: the pipeline's columns in front of those of the case. */
export function toSchema(schema: VectorSchema | undefined): TableSchema {
  return {
    columns: [...PIPELINE_COLUMNS, ...toColumns(schema?.columns ?? [])],
    closed: schema?.closed ?? false,
    ...(schema?.newColumns === undefined ? {} : { newColumns: schema.newColumns }),
    ...(schema?.typeChanges === undefined ? {} : { typeChanges: schema.typeChanges }),
  };
}

export function toColumns(columns: readonly VectorColumns[]): Column[] {
  return columns.flatMap((entry) => {
    if (!('each' in entry)) return [toColumn(entry, null)];
    return range(entry.each).map((index) => toColumn(entry.column, index));
  });
}

function toColumn(column: VectorColumn, index: number | null): Column {
  const fill = (text: string): string => (index === null ? text : text.replaceAll('{i}', String(index)));
  const { maxLength, precision, scale } = column;
  return {
    ...(maxLength === undefined ? {} : { maxLength }),
    ...(precision === undefined ? {} : { precision }),
    ...(scale === undefined ? {} : { scale }),
    name: fill(column.name),
    type: column.type,
    mode: column.mode ?? 'NULLABLE',
    ...(column.description === undefined ? {} : { description: fill(column.description) }),
    ...(column.type === 'RECORD' ? { columns: toColumns(column.columns ?? []) } : {}),
  };
}
