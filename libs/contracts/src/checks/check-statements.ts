import { isPipelineColumn, type Column, type ColumnType, type TableSchema } from '@pipeline/schema-inference';
import type { ContractColumn, ContractRule, TableContract } from '../model/contract.js';

/** A rule of a contract about the values of one column. A check is no gate: rows that violate it land. */
export interface ContractCheck {
  readonly table: string;
  /** Column names joined by dots; `[]` after a list whose elements are checked. */
  readonly path: string;
  readonly rule: ContractRule;
  /** Line of the file, from 1. */
  readonly line: number;
}

/** A check that no query can count, and why. */
export interface UncheckedRule extends ContractCheck {
  readonly reason: 'NO_COLUMN' | 'TYPE';
}

/**
 * One statement that counts violations. Its row has, for the check at index i, the INT64 `c<i>` and in `m<i>` the id of one message
 * whose row violates it (NULL without one).
 */
export interface CheckStatement {
  readonly checks: readonly ContractCheck[];
  readonly sql: string;
  readonly parameters: Readonly<Record<string, string | readonly string[]>>;
}

export interface CheckPlan {
  readonly statements: readonly CheckStatement[];
  readonly unchecked: readonly UncheckedRule[];
}

/**
 * Plans the statements that count the violations of a contract in its table: one for the columns, and one for each list of which
 * elements are checked.
 *
 * Pure. Reads `_publish_time` between `@span_from` and `@span_to`, `_message_id`, and the columns with rules; no other. A field of a
 * record that is absent is not required. Copies of a message count each. Values are parameters: no text of a contract is SQL.
 * @param name the table in back quotes
 */
export function checkStatements(contract: TableContract, schema: TableSchema, name: string): CheckPlan {
  const planner = new Planner(contract.table);
  const columns = schema.columns.filter(({ name: column }) => !isPipelineColumn(column));
  planner.columns(contract.columns, columns, { chain: [], expression: 't', parent: null, path: '' });
  return { statements: planner.statements(name), unchecked: planner.unchecked };
}

/** The place of a column in a row. */
interface Place {
  /** The lists that are unnested on the way. */
  readonly chain: readonly string[];
  readonly expression: string;
  /** The record that must be there for a required field to be missing; null at the root. */
  readonly parent: string | null;
  readonly path: string;
}

interface Condition {
  readonly check: ContractCheck;
  /** True for a value that violates the rule, with `?` for its parameter. */
  readonly sql: string;
  readonly parameter: string | readonly string[] | null;
}

class Planner {
  readonly unchecked: UncheckedRule[] = [];
  readonly #groups = new Map<
    string,
    { readonly chain: readonly string[]; readonly conditions: Condition[] }
  >();

  constructor(private readonly table: string) {}

  columns(declared: readonly ContractColumn[], columns: readonly Column[], place: Place): void {
    for (const wanted of declared) {
      const column = columns.find(({ name }) => name.toLowerCase() === wanted.name.toLowerCase());
      const path = place.path === '' ? wanted.name : `${place.path}.${wanted.name}`;
      if (column === undefined) this.#missing(wanted, path);
      else
        this.#column(wanted, column, {
          ...place,
          expression: `${place.expression}.\`${column.name}\``,
          path,
        });
    }
  }

  statements(name: string): readonly CheckStatement[] {
    return [...this.#groups.values()].map(({ chain, conditions }) => {
      const parameters: Record<string, string | readonly string[]> = {};
      const selected = conditions.map(({ sql, parameter }, index) => {
        if (parameter !== null) parameters[`p${index}`] = parameter;
        const condition = sql.replaceAll('?', `@p${index}`);
        return `COUNTIF(${condition}) AS c${index}, MIN(IF(${condition}, t._message_id, NULL)) AS m${index}`;
      });
      const unnested = chain.map((list, index) => `, UNNEST(${list}) AS e${index}`).join('');
      const span = 't._publish_time >= @span_from AND t._publish_time < @span_to';
      return {
        checks: conditions.map(({ check }) => check),
        parameters,
        sql: `SELECT ${selected.join(',\n  ')}\nFROM ${name} AS t${unnested}\nWHERE ${span}`,
      };
    });
  }

  #column(wanted: ContractColumn, column: Column, place: Place): void {
    const { chain, expression, path } = place;
    const isList = column.mode === 'REPEATED';
    for (const rule of wanted.rules) this.#rule(rule, column, isList, { ...place, line: wanted.line });
    const element = `e${chain.length}`;
    const inside: Place = isList
      ? { chain: [...chain, expression], expression: element, parent: null, path: `${path}[]` }
      : { ...place, parent: expression };
    for (const rule of isList ? (wanted.elementRules ?? []) : [])
      this.#rule(rule, { ...column, mode: 'NULLABLE' }, false, { ...inside, line: wanted.line });
    if (column.type === 'RECORD') this.columns(wanted.columns ?? [], column.columns ?? [], inside);
    else for (const field of wanted.columns ?? []) this.#missing(field, `${path}.${field.name}`);
  }

  #rule(
    rule: ContractRule,
    { type }: Column,
    isList: boolean,
    place: Place & { readonly line: number },
  ): void {
    const { chain, expression, parent, path, line } = place;
    const check: ContractCheck = { table: this.table, path, rule, line };
    const condition = isList ? listCondition(rule, expression) : valueCondition(rule, type, expression);
    if (condition === null) {
      this.unchecked.push({ ...check, reason: 'TYPE' });
      return;
    }
    const key = chain.join('\n');
    const group = this.#groups.get(key) ?? { chain, conditions: [] };
    this.#groups.set(key, group);
    const sql =
      rule.kind === 'required' && parent !== null
        ? `${parent} IS NOT NULL AND ${condition.sql}`
        : condition.sql;
    group.conditions.push({ check, ...condition, sql });
  }

  /** A required column that no event had is reported: it has no values to count. */
  #missing({ rules, elementRules = [], columns = [], line }: ContractColumn, path: string): void {
    for (const rule of [...rules, ...elementRules])
      this.unchecked.push({ table: this.table, path, rule, line, reason: 'NO_COLUMN' });
    for (const field of columns) this.#missing(field, `${path}.${field.name}`);
  }
}

type Violation = Pick<Condition, 'sql' | 'parameter'> | null;

function listCondition(rule: ContractRule, list: string): Violation {
  const length = `IFNULL(ARRAY_LENGTH(${list}), 0)`;
  switch (rule.kind) {
    case 'required':
      return { sql: `${length} = 0`, parameter: null };
    case 'minItems':
      return { sql: `${length} < CAST(? AS INT64)`, parameter: rule.limit };
    case 'maxItems':
      return { sql: `${length} > CAST(? AS INT64)`, parameter: rule.limit };
    case 'enum':
    case 'pattern':
    case 'minLength':
    case 'maxLength':
    case 'minimum':
    case 'maximum':
    case 'exclusiveMinimum':
    case 'exclusiveMaximum':
      return null;
  }
}

/** Violated by a value that is larger, or smaller, than the limit. */
const COMPARISONS = { minimum: '<', maximum: '>', exclusiveMinimum: '<=', exclusiveMaximum: '>=' } as const;

function valueCondition(rule: ContractRule, type: ColumnType, value: string): Violation {
  switch (rule.kind) {
    case 'required':
      return { sql: `${value} IS NULL`, parameter: null };
    case 'enum': {
      const text = type === 'STRING' ? value : `CAST(${value} AS STRING)`;
      if (!TEXT_TYPES.includes(type)) return null;
      return { sql: `${value} IS NOT NULL AND ${text} NOT IN UNNEST(?)`, parameter: rule.values };
    }
    case 'pattern':
      return type === 'STRING'
        ? { sql: `${value} IS NOT NULL AND NOT REGEXP_CONTAINS(${value}, ?)`, parameter: rule.pattern }
        : null;
    case 'minLength':
      return type === 'STRING'
        ? { sql: `CHAR_LENGTH(${value}) < CAST(? AS INT64)`, parameter: rule.limit }
        : null;
    case 'maxLength':
      return type === 'STRING'
        ? { sql: `CHAR_LENGTH(${value}) > CAST(? AS INT64)`, parameter: rule.limit }
        : null;
    case 'minItems':
    case 'maxItems':
      return null;
    case 'minimum':
    case 'maximum':
    case 'exclusiveMinimum':
    case 'exclusiveMaximum': {
      const limitType = LIMIT_TYPES[type];
      if (limitType === undefined) return null;
      return { sql: `${value} ${COMPARISONS[rule.kind]} CAST(? AS ${limitType})`, parameter: rule.limit };
    }
  }
}

const TEXT_TYPES: readonly ColumnType[] = ['STRING', 'INT64', 'NUMERIC', 'BIGNUMERIC', 'BOOL', 'DATE'];

/** The type in which a limit is compared; a column is converted to it without loss. */
const LIMIT_TYPES: Partial<Readonly<Record<ColumnType, string>>> = {
  INT64: 'BIGNUMERIC',
  NUMERIC: 'BIGNUMERIC',
  BIGNUMERIC: 'BIGNUMERIC',
  FLOAT64: 'FLOAT64',
  DATE: 'DATE',
  DATETIME: 'DATETIME',
  TIMESTAMP: 'TIMESTAMP',
};
