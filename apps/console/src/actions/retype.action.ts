import {
  parseRetypeType,
  refusalText,
  RETYPE_TYPES,
  type RetypeResult,
  type RetypeWish,
} from '@pipeline/bigquery-tables';
import { namedEventTables, nearestName } from '@pipeline/books';
import { IsBoolean, IsOptional, IsString, MaxLength } from 'class-validator';
import type { Identity } from '../access/access.js';
import { Optional, Text } from '../api/properties.js';
import { refused } from '../api/refused.js';
import type { ActionKind, Previewed } from './action.js';
import type { ActionTools } from './action-tools.js';

const REFUSED = 'RETYPE_REFUSED';

/** Another type for a column. */
export class RetypeInput {
  @Text({ description: 'Name of an event table', example: 'orders' })
  @IsString()
  @MaxLength(1_024)
  readonly table!: string;

  @Text({ description: 'Column, or a field by its path', example: 'items.price' })
  @IsString()
  @MaxLength(10_000)
  readonly column!: string;

  @Text({ description: `${RETYPE_TYPES.join(', ')}, or ARRAY<…> of one`, example: 'NUMERIC' })
  @IsString()
  @MaxLength(100)
  readonly type!: string;

  @Optional({ type: Boolean, description: 'With STRING: numbers become their text' })
  @IsOptional()
  @IsBoolean()
  readonly numbersAsText?: boolean;
}

/** `pipeline retype`: its dry run is the preview. */
export class RetypeAction implements ActionKind<RetypeInput> {
  readonly name = 'retype';
  readonly role = 'admin';
  readonly Input = RetypeInput;

  constructor(private readonly tools: ActionTools) {}

  async preview(
    { table, column, type, numbersAsText = false }: RetypeInput,
    identity: Identity,
  ): Promise<Previewed> {
    const wish = toWish(column, type, numbersAsText);
    const [tableId = table] = await namedEventTables(this.tools.warehouse.sql, [table]);
    const { retyper } = this.tools.tables(identity);
    const retype = async (isDryRun: boolean): Promise<RetypeResult> => {
      const result = await retyper.retype(tableId, wish, { isDryRun });
      if (result.kind !== 'refused') return result;
      const nearest = result.code === 'NO_SUCH_COLUMN' ? nearestName(column, result.names) : null;
      const hint = nearest === null ? '' : ` Did you mean ${nearest}?`;
      throw refused(REFUSED, `${refusalText(result, { table: tableId, column })}${hint}`);
    };
    return {
      input: { table: tableId, column, type: type.toUpperCase(), numbersAsText },
      figures: await retype(true),
      run: () => retype(false),
    };
  }
}

function toWish(column: string, type: string, numbersAsText: boolean): RetypeWish {
  const parsed = parseRetypeType(type);
  if (parsed === null) throw refused(REFUSED, `type: use ${RETYPE_TYPES.join(', ')}, or ARRAY<…> of one`);
  if (numbersAsText && parsed.type !== 'STRING') throw refused(REFUSED, 'numbersAsText goes with STRING');
  return { path: column.split('.'), numbersAsText, ...parsed };
}
