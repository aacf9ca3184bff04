import type { BigquerySql } from '@pipeline/google-clients';
import type { ColumnType } from '@pipeline/schema-inference';
import type { TableStore } from '../schema-changes/table-store.port.js';
import type { Retyper } from './retyper.js';
import { unwidenableFields } from './unwidenable.js';

export interface AutoRetyperOptions {
  readonly sql: Pick<BigquerySql, 'name' | 'rows'>;
  readonly store: Pick<TableStore, 'read'>;
  readonly retyper: Pick<Retyper, 'retype'>;
  /** Tables of this size and above are left to an operator; 0 for all. */
  readonly maxBytes: number;
}

/** `retyped`: the field has the wider type. `proposed`: the table is too large. `refused`: no retype of this field. */
export interface AutoRetype {
  readonly table: string;
  /** Names of columns, joined by dots. */
  readonly column: string;
  readonly type: ColumnType;
  readonly outcome: 'retyped' | 'proposed' | 'refused';
}

/**
 * Retypes fields that a wider number cannot widen in place: numbers in arrays and in records inside arrays.
 *
 * A field is retyped at most twice, since there are three widths. Safe in many processes: the second continues what the first began.
 */
export class AutoRetyper {
  constructor(private readonly options: AutoRetyperOptions) {}

  /** @throws CloudError */
  async run(
    tableId: string,
    { publishedSince, endsAtMs }: { readonly publishedSince: Date; readonly endsAtMs: number },
  ): Promise<readonly AutoRetype[]> {
    const { sql, store, retyper, maxBytes } = this.options;
    const table = await store.read(tableId);
    if (table === null) return [];
    const results: AutoRetype[] = [];
    for (const wish of await unwidenableFields(sql, table, publishedSince)) {
      const result = { table: tableId, column: wish.path.join('.'), type: wish.type };
      if (table.bytes >= maxBytes) {
        results.push({ ...result, outcome: 'proposed' });
        continue;
      }
      const { kind } = await retyper.retype(tableId, wish, { endsAtMs });
      results.push({ ...result, outcome: kind === 'refused' || kind === 'missing' ? 'refused' : 'retyped' });
    }
    return results;
  }
}
