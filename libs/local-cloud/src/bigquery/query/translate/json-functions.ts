import { quoteText } from '../../warehouse/duckdb-types.js';
import type { Call, Translation } from './call.js';
import { holdsBignumeric, inferField } from './infer-type.js';
import { jsonPath } from './json-path.js';
import { nodeOf, notTranslated } from './sql-tree.js';

/** Functions on JSON. A path must be a literal, and is written anew for DuckDB. */
export const JSON_FUNCTIONS: Readonly<Record<string, Translation>> = {
  JSON_VALUE: (c) => `bq_json_value(${c.arg(0)}, ${path(c)})`,
  JSON_EXTRACT_SCALAR: (c) => `bq_json_value(${c.arg(0)}, ${path(c)})`,
  JSON_QUERY: (c) => `json_extract(${c.arg(0)}, ${path(c)})`,
  JSON_EXTRACT: (c) => `json_extract(${c.arg(0)}, ${path(c)})`,
  JSON_QUERY_ARRAY: (c) => `CAST(json_extract(${c.arg(0)}, ${path(c)}) AS JSON[])`,
  JSON_EXTRACT_ARRAY: (c) => `CAST(json_extract(${c.arg(0)}, ${path(c)}) AS JSON[])`,
  JSON_VALUE_ARRAY: (c) => `CAST(json_extract(${c.arg(0)}, ${path(c)}) AS VARCHAR[])`,
  JSON_EXTRACT_STRING_ARRAY: (c) => `CAST(json_extract(${c.arg(0)}, ${path(c)}) AS VARCHAR[])`,
  JSON_TYPE: (c) => `bq_json_type(${c.arg(0)})`,
  JSON_KEYS: (c) => `json_keys(${c.arg(0)})`,
  PARSE_JSON: (c) => `CAST(${c.arg(0)} AS JSON)`,
  TO_JSON: (c) => toJson(c),
  TO_JSON_STRING: (c) => `CAST(${toJson(c)} AS VARCHAR)`,
  INT64: (c) => `CAST(json_extract_string(${c.arg(0)}, '$') AS BIGINT)`,
  FLOAT64: (c) => `CAST(json_extract_string(${c.arg(0)}, '$') AS DOUBLE)`,
  BOOL: (c) => `CAST(json_extract_string(${c.arg(0)}, '$') AS BOOLEAN)`,
  LAX_INT64: (c) => `TRY_CAST(json_extract_string(${c.arg(0)}, '$') AS BIGINT)`,
  LAX_FLOAT64: (c) => `TRY_CAST(json_extract_string(${c.arg(0)}, '$') AS DOUBLE)`,
  LAX_BOOL: (c) => `TRY_CAST(json_extract_string(${c.arg(0)}, '$') AS BOOLEAN)`,
  LAX_STRING: (c) => `bq_json_value(${c.arg(0)}, '$')`,
};

// Inside records DuckDB's own spelling of numbers and times stays; a lone one gets BigQuery's.
function toJson(c: Call): string {
  const field = inferField(c.nodes[0], c.scope);
  if (holdsBignumeric(field)) throw notTranslated(`${c.name} of BIGNUMERIC`);
  const value = c.arg(0);
  if (field?.mode === 'NULLABLE' && field.type === 'TIMESTAMP')
    return `to_json(strftime(CAST(${value} AS TIMESTAMP), '%Y-%m-%dT%H:%M:%S.%fZ'))`;
  return `to_json(${value})`;
}

function path(c: Call): string {
  if (c.nodes.length < 2) return "'$'";
  const { kind, body } = nodeOf(c.nodes[1]);
  if (kind !== 'literal') throw notTranslated(`${c.name} with a path that is not a literal`);
  return quoteText(jsonPath(String(body['value'])));
}
