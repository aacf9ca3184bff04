import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PIPELINE_COLUMNS, type Column, type TableSchema } from '@pipeline/schema-inference';

/** An event of the contract vectors with the schema it meets; the vectors' forms are in test/contracts/README.md. */
export interface ContractEvent {
  readonly name: string;
  readonly event: string;
  readonly schema: TableSchema;
}

type Piece =
  | string
  | { readonly repeat: string; readonly times: number }
  | { readonly each: readonly [number, number]; readonly of: string; readonly separator?: string };
type Text = string | readonly Piece[];
type VectorColumn = Omit<Column, 'mode' | 'columns'> & {
  readonly mode?: Column['mode'];
  readonly columns?: readonly VectorColumns[];
};
type VectorColumns =
  VectorColumn | { readonly each: readonly [number, number]; readonly column: VectorColumn };
interface Vector {
  readonly name: string;
  readonly kind: string;
  readonly schema?: { readonly columns: readonly VectorColumns[]; readonly closed?: boolean };
  readonly event?: Text;
  readonly events?: readonly Text[];
  readonly values?: readonly Text[];
}

const DIRECTORY = join(import.meta.dirname, '../../../test/contracts');

/** Every event of every vector; values of the kind `type` become `{"v": VALUE}` as the vectors say. */
export function contractEvents(): ContractEvent[] {
  return readdirSync(DIRECTORY)
    .filter((file) => file.endsWith('.json'))
    .flatMap((file) => (JSON.parse(readFileSync(join(DIRECTORY, file), 'utf8')) as { cases: Vector[] }).cases)
    .flatMap((vector) => {
      const { columns = [], closed = false, ...verbs } = vector.schema ?? {};
      const schema = { columns: [...PIPELINE_COLUMNS, ...toColumns(columns)], closed, ...verbs };
      return textsOf(vector).map((event, index) => ({ name: `${vector.name} #${index}`, event, schema }));
    });
}

function textsOf({ kind, event, events = [], values = [] }: Vector): string[] {
  return [
    ...(event === undefined ? [] : [expand(event)]),
    ...events.map(expand),
    ...(kind === 'type' ? values.map((value) => `{"v":${expand(value)}}`) : []),
  ];
}

function expand(text: Text): string {
  if (typeof text === 'string') return text;
  return text
    .map((piece) => {
      if (typeof piece === 'string') return piece;
      if ('repeat' in piece) return piece.repeat.repeat(piece.times);
      return range(piece.each)
        .map((index) => piece.of.replaceAll('{i}', String(index)))
        .join(piece.separator ?? '');
    })
    .join('');
}

function range([first, last]: readonly [number, number]): number[] {
  return Array.from({ length: last - first + 1 }, (_, offset) => first + offset);
}

function toColumns(columns: readonly VectorColumns[]): Column[] {
  return columns.flatMap((entry) =>
    'each' in entry
      ? range(entry.each).map((index) => toColumn(entry.column, String(index)))
      : [toColumn(entry, null)],
  );
}

function toColumn(column: VectorColumn, index: string | null): Column {
  const fill = (text: string): string => (index === null ? text : text.replaceAll('{i}', index));
  return {
    name: fill(column.name),
    type: column.type,
    mode: column.mode ?? 'NULLABLE',
    ...(column.description === undefined ? {} : { description: fill(column.description) }),
    ...(column.type === 'RECORD' ? { columns: toColumns(column.columns ?? []) } : {}),
  };
}
