import * as duck from '@duckdb/node-api';
import { messageOf, RESOURCES_EXCEEDED } from '../rules/api-error.js';
import type { Interval, Native, ScalarFunction } from './define.js';
import { FUNCTIONS } from './index.js';
import { fromDuck } from './natives.js';

const TYPES: Readonly<Record<Native, duck.DuckDBType>> = {
  VARCHAR: duck.VARCHAR,
  BIGINT: duck.BIGINT,
  DOUBLE: duck.DOUBLE,
  BOOLEAN: duck.BOOLEAN,
  DECIMAL: duck.DECIMAL(38, 9),
  BLOB: duck.BLOB,
  TIMESTAMP: duck.TIMESTAMP,
  TIMESTAMPTZ: duck.TIMESTAMPTZ,
  DATE: duck.DATE,
  TIME: duck.TIME,
  INTERVAL: duck.INTERVAL,
  'VARCHAR[]': duck.LIST(duck.VARCHAR),
  'BIGINT[]': duck.LIST(duck.BIGINT),
  'DOUBLE[]': duck.LIST(duck.DOUBLE),
  'DECIMAL[]': duck.LIST(duck.DECIMAL(38, 9)),
  ANY: duck.ANY,
};

/** Most bytes that one call of a function may give for the rows of a vector: DuckDB counts this memory nowhere. */
const MAX_VECTOR_BYTES = 512 * 1024 * 1024;

/** A query needs more memory than it may have; `bq_safe_…` does not make NULL of it. */
class ResourcesExceeded extends Error {
  constructor() {
    super(
      `${RESOURCES_EXCEEDED} the values of one function need more memory than this server gives a query.`,
    );
  }
}

/** Makes the functions of GoogleSQL that DuckDB has not known to a database; they hold until it is closed. */
export function registerFunctions(connection: duck.DuckDBConnection): void {
  for (const definition of FUNCTIONS)
    for (const safe of [false, true]) connection.registerScalarFunction(scalarFunction(definition, safe));
}

function scalarFunction(definition: ScalarFunction, safe: boolean): duck.DuckDBScalarFunction {
  const { name, parameters, rest, returns } = definition;
  const run = definition.run as unknown as (...values: unknown[]) => unknown;
  const weigh = definition.weigh as unknown as ((...values: unknown[]) => number) | undefined;
  return duck.DuckDBScalarFunction.create({
    name: `bq_${safe ? 'safe_' : ''}${name}`,
    parameterTypes: parameters.map((parameter) => TYPES[parameter]),
    ...(rest ? { varArgsType: duck.ANY } : {}),
    returnType: TYPES[returns],
    specialHandling: true,
    mainFunction: (info, input, output) => {
      let bytes = 0;
      const columns = Array.from({ length: input.columnCount }, (_, index) => input.getColumnVector(index));
      for (let row = 0; row < input.rowCount; row += 1) {
        const values = columns.map((column) => column.getItem(row));
        try {
          const result = one(values, parameters.length, run, returns);
          if (weigh === undefined) bytes += sizeOf(result);
          else if (!values.includes(null)) bytes += weigh(...values.map(fromDuck));
          if (bytes > MAX_VECTOR_BYTES) throw new ResourcesExceeded();
          output.setItem(row, result);
        } catch (error) {
          if (!safe || error instanceof ResourcesExceeded) {
            info.setError(messageOf(error));
            return;
          }
          output.setItem(row, null);
        }
      }
      output.flush();
    },
  });
}

function one(
  values: readonly duck.DuckDBValue[],
  strict: number,
  run: (...values: unknown[]) => unknown,
  returns: Native,
): duck.DuckDBValue {
  if (values.some((value, index) => index < strict && value === null)) return null;
  const result = run(...values.map((value, index) => (index < strict ? fromDuck(value) : value)));
  return result === null ? null : toDuck(result, returns);
}

function sizeOf(value: duck.DuckDBValue): number {
  if (typeof value === 'string') return value.length;
  if (value instanceof duck.DuckDBBlobValue) return value.bytes.length;
  if (value instanceof duck.DuckDBListValue)
    return value.items.reduce<number>((sum, item) => sum + 8 + sizeOf(item), 0);
  return 0;
}

function toDuck(result: unknown, type: Native): duck.DuckDBValue {
  switch (type as string) {
    case 'DECIMAL':
      return new duck.DuckDBDecimalValue(result as bigint, 38, 9);
    case 'BLOB':
      return new duck.DuckDBBlobValue(result as Uint8Array);
    case 'DATE':
      return new duck.DuckDBDateValue(result as number);
    case 'TIMESTAMP':
      return new duck.DuckDBTimestampValue(result as bigint);
    case 'TIMESTAMPTZ':
      return new duck.DuckDBTimestampTZValue(result as bigint);
    case 'TIME':
      return new duck.DuckDBTimeValue(result as bigint);
    case 'INTERVAL': {
      const { months, days, micros } = result as Interval;
      return new duck.DuckDBIntervalValue(months, days, micros);
    }
    case 'VARCHAR[]':
    case 'BIGINT[]':
    case 'DOUBLE[]':
      return new duck.DuckDBListValue(result as duck.DuckDBValue[]);
    case 'DECIMAL[]':
      return new duck.DuckDBListValue(
        (result as bigint[]).map((item) => new duck.DuckDBDecimalValue(item, 38, 9)),
      );
    default:
      return result as duck.DuckDBValue;
  }
}
