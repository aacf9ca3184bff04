import { randomUUID } from 'node:crypto';
import { deleteDataset, insertDataset } from '../../operations/dataset-operations.js';
import { BigqueryError, invalidQuery } from '../../rules/api-error.js';
import type { Cell } from '../../rules/cell.js';
import type { TableName } from '../../rules/table-resource.js';
import { withCurrentTables } from '../../warehouse/catalog.js';
import { cellSql } from '../compile/cell-literal.js';
import { coerce } from '../compile/coerce.js';
import { compile, type SqlFunction } from '../compile/scope.js';
import { fieldOfType, type Type, typeOfName, typeText } from '../compile/types.js';
import type { Value } from '../compile/value.js';
import { type QueryEngine, type StatementResult, type Surroundings } from '../query-engine.js';
import type { QueryParameter } from '../query-parameters.js';
import type { StatementContext } from '../statement-resolver.js';
import { runStatement } from '../statements.js';
import type { Script, ScriptStatement } from '../syntax/script-tree.js';
import type { Expression, Query } from '../syntax/tree.js';

interface Variable {
  readonly type: Type;
  cell: Cell;
}

/** The end of a body: its last statement, or one that leaves a loop or the script. */
type Ending = 'end' | 'break' | 'continue' | 'return';

const MAX_STATEMENTS = 100_000;

/** Runs a script; its result is that of the last statement that gives one. */
export async function runScript(
  engine: QueryEngine,
  script: Script,
  sql: string,
  context: StatementContext,
): Promise<StatementResult> {
  const run = new ScriptRun(engine, sql, context);
  try {
    await run.body(script);
  } finally {
    await run.dropTemporary();
  }
  return { ...run.result, statementType: 'SCRIPT' };
}

class ScriptRun {
  result: StatementResult = { statementType: 'SCRIPT', fields: [], rows: [] };
  #scopes: Map<string, Variable>[] = [new Map<string, Variable>()];
  readonly #functions = new Map<string, SqlFunction>();
  readonly #temporary = new Map<string, TableName>();
  #system: Readonly<Record<string, string>> = {};
  #dataset: { projectId: string; datasetId: string } | undefined;
  #count = 0;

  constructor(
    private readonly engine: QueryEngine,
    private readonly sql: string,
    private readonly given: StatementContext,
  ) {}

  async dropTemporary(): Promise<void> {
    if (this.#dataset !== undefined) await deleteDataset(this.engine.warehouse, this.#dataset, true);
  }

  async body(script: Script): Promise<Ending> {
    for (const statement of script) {
      this.#count += 1;
      if (this.#count > MAX_STATEMENTS)
        throw invalidQuery(`The script runs more than ${MAX_STATEMENTS} statements`);
      const ending = await this.#statement(statement);
      if (ending !== 'end') return ending;
    }
    return 'end';
  }

  async #statement(statement: ScriptStatement): Promise<Ending> {
    switch (statement.kind) {
      case 'sql':
        await this.#sql(statement.text);
        return 'end';
      case 'declare':
        await this.#declare(statement);
        return 'end';
      case 'set':
        await this.#set(statement.names, statement.value);
        return 'end';
      case 'if':
        return this.#if(statement);
      case 'loop':
        return this.#loop(statement);
      case 'for':
        return this.#for(statement);
      case 'block':
        return this.#block(statement.body, statement.handler);
      case 'raise': {
        const message = statement.message === undefined ? this.#system['error.message'] : undefined;
        throw invalidQuery(message ?? String((await this.#evaluate(statement.message)).cell));
      }
      case 'assert':
        if ((await this.#evaluate(statement.test)).cell !== true)
          throw invalidQuery(`Query error: ${statement.message}`);
        return 'end';
      case 'execute':
        await this.#execute(statement);
        return 'end';
      case 'function':
        this.#functions.set(statement.path.join('.').toLowerCase(), {
          parameters: statement.parameters.map(({ name, type }) => ({
            name,
            type: type === undefined ? undefined : typeOfName(type),
          })),
          body: statement.body,
          returns: statement.returns === undefined ? undefined : typeOfName(statement.returns),
        });
        return 'end';
      case 'break':
      case 'continue':
      case 'return':
        return statement.kind;
    }
  }

  async #sql(text: string, parameters = this.given.parameters): Promise<StatementResult> {
    const context = { ...this.#context(), parameters };
    const run = (): Promise<StatementResult> =>
      runStatement(this.engine, text, context, false, this.#around());
    const result = await (context.asChildJob?.(text, run) ?? run());
    if (result.statementType === 'SELECT' || result.affectedRows !== undefined) this.result = result;
    return result;
  }

  #context(): StatementContext {
    return {
      ...this.given,
      temporary: this.#temporary,
      system: this.#system,
      nameTemporary: (tableId) => this.#nameTemporary(tableId),
    };
  }

  async #nameTemporary(tableId: string): Promise<TableName> {
    const { warehouse } = this.engine;
    const { projectId } = this.given;
    if (this.#dataset === undefined) {
      const datasetId = `_script_${randomUUID().replaceAll('-', '')}`;
      await insertDataset(warehouse, projectId, { datasetReference: { projectId, datasetId } });
      this.#dataset = { projectId, datasetId };
    }
    const name = { ...this.#dataset, tableId };
    this.#temporary.set(tableId.toLowerCase(), name);
    return name;
  }

  #around(): Surroundings {
    const names = new Map<string, Value>();
    for (const scope of this.#scopes)
      for (const [name, { cell, type }] of scope) names.set(name, { sql: cellSql(cell, type), type });
    return { functions: this.#functions, names };
  }

  /** The value of an expression, as the type given if one is. */
  async #evaluate(node: Expression | undefined, wanted?: Type): Promise<Variable> {
    if (node === undefined) return { type: wanted ?? { kind: 'STRING' }, cell: null };
    const evaluate = async (): Promise<Variable> => {
      const { scope, resolver } = this.engine.scope(this.sql, this.#context(), this.#around());
      const given = compile(node, scope);
      const converted = wanted === undefined ? given : coerce(given, wanted);
      if (converted === undefined)
        throw invalidQuery(
          `Cannot coerce expression of type ${typeText(given.type)} to type ${typeText(wanted ?? given.type)}`,
        );
      const { type } = converted;
      const bound = {
        ...this.engine.bound(`SELECT ${converted.sql}`, resolver),
        columns: [{ name: undefined, type }],
      };
      const [row] = await this.engine.rows(bound);
      return { type, cell: row?.[0] ?? null };
    };
    return this.engine.warehouse.statements.run(() => withCurrentTables(evaluate));
  }

  async #declare({ names, type, value }: Extract<ScriptStatement, { kind: 'declare' }>): Promise<void> {
    const variable = await this.#evaluate(value, type === undefined ? undefined : typeOfName(type));
    for (const name of names) {
      if (this.#scopes.some((scope) => scope.has(name.toLowerCase())))
        throw invalidQuery(`Variable '${name}' redeclaration`);
      this.#scopes.at(-1)?.set(name.toLowerCase(), { ...variable });
    }
  }

  #variable(name: string): Variable {
    const scope = this.#scopes.findLast((candidate) => candidate.has(name.toLowerCase()));
    const variable = scope?.get(name.toLowerCase());
    if (variable === undefined) throw invalidQuery(`Undeclared variable: ${name}`);
    return variable;
  }

  async #set(names: readonly string[], node: Expression): Promise<void> {
    const [only] = names;
    if (names.length === 1 && only !== undefined) {
      const variable = this.#variable(only);
      variable.cell = (await this.#evaluate(node, variable.type)).cell;
      return;
    }
    const { type, cell } = await this.#evaluate(node);
    if (type.kind !== 'STRUCT' || type.fields.length !== names.length)
      throw invalidQuery(`SET of ${names.length} variables needs a STRUCT of as many fields`);
    this.#assign(
      names,
      type.fields.map((field) => field.type),
      cell as readonly Cell[],
    );
  }

  #assign(names: readonly string[], types: readonly Type[], cells: readonly Cell[]): void {
    names.forEach((name, index) => {
      const variable = this.#variable(name);
      const type = types[index];
      if (type !== undefined && coerce({ sql: 'NULL', type }, variable.type) === undefined)
        throw invalidQuery(
          `Cannot coerce expression of type ${typeText(type)} to type ${typeText(variable.type)}`,
        );
      variable.cell = cells[index] ?? null;
    });
  }

  async #if({ branches, otherwise }: Extract<ScriptStatement, { kind: 'if' }>): Promise<Ending> {
    for (const { condition, body } of branches)
      if ((await this.#evaluate(condition, { kind: 'BOOL' })).cell === true) return this.body(body);
    return this.body(otherwise);
  }

  async #loop({ before, body, after }: Extract<ScriptStatement, { kind: 'loop' }>): Promise<Ending> {
    for (;;) {
      if (before !== undefined && (await this.#evaluate(before, { kind: 'BOOL' })).cell !== true)
        return 'end';
      const ending = await this.body(body);
      if (ending === 'break') return 'end';
      if (ending === 'return') return 'return';
      if (after !== undefined && (await this.#evaluate(after, { kind: 'BOOL' })).cell === true) return 'end';
    }
  }

  async #for({ name, query, body }: Extract<ScriptStatement, { kind: 'for' }>): Promise<Ending> {
    const { type, rows } = await this.#rows(query);
    for (const row of rows) {
      const ending = await this.#inScope(new Map([[name.toLowerCase(), { type, cell: row }]]), () =>
        this.body(body),
      );
      if (ending === 'break') return 'end';
      if (ending === 'return') return 'return';
    }
    return 'end';
  }

  async #rows(tree: Query): Promise<{ type: Type; rows: Cell[][] }> {
    return withCurrentTables(async () => {
      const bound = this.engine.bind(tree, this.sql, this.#context(), this.#around());
      return { type: { kind: 'STRUCT', fields: bound.columns }, rows: await this.engine.rows(bound) };
    });
  }

  async #inScope<T>(scope: Map<string, Variable>, task: () => Promise<T>): Promise<T> {
    const depth = this.#scopes.length;
    this.#scopes = [...this.#scopes, scope];
    try {
      return await task();
    } finally {
      this.#scopes = this.#scopes.slice(0, depth);
    }
  }

  async #block(body: Script, handler: Script | undefined): Promise<Ending> {
    try {
      return await this.#inScope(new Map(), () => this.body(body));
    } catch (error) {
      if (handler === undefined || !(error instanceof BigqueryError)) throw error;
      const before = this.#system;
      this.#system = { 'error.message': error.message, 'error.statement_text': '' };
      try {
        return await this.#inScope(new Map(), () => this.body(handler));
      } finally {
        this.#system = before;
      }
    }
  }

  async #execute({ sql, into, using }: Extract<ScriptStatement, { kind: 'execute' }>): Promise<void> {
    const text = String((await this.#evaluate(sql, { kind: 'STRING' })).cell);
    const parameters: QueryParameter[] = [];
    for (const { name, value } of using) {
      const { type, cell } = await this.#evaluate(value);
      parameters.push({ name, field: fieldOfType(name ?? '', type), cell });
    }
    const result = await this.#sql(text, parameters);
    if (into.length === 0) return;
    if (result.rows.length > 1) throw invalidQuery('EXECUTE IMMEDIATE INTO query returned more than one row');
    this.#assign(into, [], result.rows[0] ?? into.map(() => null));
  }
}
