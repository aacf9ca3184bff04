import type { Cell } from '../../rules/cell.js';
import { formatDate, formatDatetime, formatTime } from '../../rules/civil-time.js';
import { formatScaled, NUMERIC_SCALE } from '../../rules/decimals.js';
import { quoteName } from '../../warehouse/duckdb-types.js';
import { bignumericOf } from './casts.js';
import { duckTypeOf, structKeys, type Type } from './types.js';
import { text } from './value.js';

/** A known value as DuckDB SQL: what a variable of a script holds. */
export function cellSql(cell: Cell, type: Type): string {
  if (cell === null) return `CAST(NULL AS ${duckTypeOf(type)})`;
  if (type.kind === 'ARRAY')
    return `CAST([${(cell as readonly Cell[]).map((item) => cellSql(item, type.element)).join(', ')}] AS ${duckTypeOf(type)})`;
  if (type.kind === 'STRUCT') {
    const keys = structKeys(type.fields);
    const parts = type.fields.map(
      (field, index) =>
        `${quoteName(keys[index] ?? '')} := ${cellSql((cell as readonly Cell[])[index] ?? null, field.type)}`,
    );
    return `struct_pack(${parts.join(', ')})`;
  }
  switch (type.kind) {
    case 'INT64':
      return `(${String(cell)}::BIGINT)`;
    case 'FLOAT64':
      return `('${String(cell)}'::DOUBLE)`;
    case 'BOOL':
      return String(cell);
    case 'NUMERIC':
      return `('${formatScaled(cell as bigint, NUMERIC_SCALE)}'::DECIMAL(38,9))`;
    case 'BIGNUMERIC':
      return bignumericOf(`'${String(cell)}'`);
    case 'BYTES':
      return `from_hex('${Buffer.from(cell as Uint8Array).toString('hex')}')`;
    case 'DATE':
      return `DATE '${formatDate(cell as number)}'`;
    case 'TIME':
      return `TIME '${formatTime(cell as bigint)}'`;
    case 'DATETIME':
      return `TIMESTAMP '${formatDatetime(cell as bigint)}'`;
    case 'TIMESTAMP':
      return `TIMESTAMPTZ '${formatDatetime(cell as bigint)}+00'`;
    case 'JSON':
      return `(${text(String(cell))}::JSON)`;
    case 'STRING':
    case 'GEOGRAPHY':
    case 'INTERVAL':
      return text(String(cell));
  }
}
