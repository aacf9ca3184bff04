import type { Field } from '../rules/field-schema.js';
import { type Database, IMAGES } from './database.js';
import { duckType, quoteName } from './duckdb-types.js';
import { appendRows } from './row-store.js';
import { decodeRow } from './row-text.js';

let images = 0;

/**
 * A table's recent rows as a DuckDB table in memory, with the columns that queries have asked for.
 *
 * It is made when a query needs it and topped up when rows have come since.
 */
export class RecentImage {
  readonly #name = `i${++images}`;
  #isCreated = false;
  #isDropped = false;
  #rows = 0;
  #work: Promise<void> = Promise.resolve();

  /** `fields` are columns of `schema`, the whole schema that the image was made under. */
  constructor(
    readonly schema: readonly Field[],
    readonly fields: readonly Field[],
  ) {}

  get sqlName(): string {
    return `${IMAGES}.main.${quoteName(this.#name)}`;
  }

  /** A query that was bound to it must be bound again. */
  get isDropped(): boolean {
    return this.#isDropped;
  }

  covers(fields: readonly Field[]): boolean {
    return fields.every((field) => this.fields.includes(field));
  }

  /** Brings the image up to the rows there are now, or leaves it as it was if that fails. */
  fill(database: Database, rows: readonly string[]): Promise<void> {
    const work = this.#work.then(() => this.#fill(database, rows));
    this.#work = work.catch(() => undefined);
    return work;
  }

  async drop(database: Database): Promise<void> {
    this.#isDropped = true;
    await this.#work;
    if (this.#isCreated) await database.use((connection) => connection.run(`DROP TABLE ${this.sqlName}`));
  }

  async #fill(database: Database, rows: readonly string[]): Promise<void> {
    const end = rows.length;
    if (this.#isCreated && this.#rows === end) return;
    await database.transaction(async (connection) => {
      if (!this.#isCreated) {
        const columns = this.fields.map((field) => `${quoteName(field.name)} ${duckType(field)}`);
        await connection.run(`CREATE TABLE ${this.sqlName} (${columns.join(', ')})`);
      }
      const place = { table: this.#name, schema: 'main', catalog: IMAGES };
      await appendRows(connection, place, this.fields, decoded(rows, this.fields, this.#rows, end));
    });
    this.#isCreated = true;
    this.#rows = end;
  }
}

function* decoded(
  rows: readonly string[],
  fields: readonly Field[],
  from: number,
  end: number,
): Generator<ReturnType<typeof decodeRow>> {
  for (let index = from; index < end; index += 1) yield decodeRow(rows[index] ?? '{}', fields);
}
