import { createHash } from 'node:crypto';
import type { Sql, SqlParameter } from '@pipeline/google-clients';
import { sightings } from './books-sql.js';
import { BooksError } from './books.errors.js';
import { textOf, numberOf } from './sql-row.js';
import { withTables } from './tables-union.js';

/** A message of a source: with the id that it had before, if the source has it. */
export interface SourceMessage {
  readonly data: Uint8Array;
  readonly original: { readonly messageId: string; readonly publishedAt: string | null } | null;
}

export interface KnownScope {
  /** The archive is read from here on, for messages without an id. */
  readonly since: Date;
  readonly tables: readonly string[];
  /** Attributes that every message gets: a message of the archive must have them too. */
  readonly attributes: Readonly<Record<string, string>>;
  /** Called with the bytes by dry run before each query; it may throw. */
  readonly onEstimate: (bytes: number) => Promise<void>;
}

/** Messages of one source: each takes about 100 bytes of memory. */
const MAX_MESSAGES = 2_000_000;
const DEFAULT_YEARS_MS = 366 * 86_400_000;

/**
 * The messages of a source that the pipeline has already.
 *
 * A message with an original id is known if that id is in the archive, is a row, a dead letter or in quarantine. A message without
 * one is known if the archive has a message with the same bytes and with the attributes of the run; of several equal ones as many
 * are known as the archive has, so that a run that was killed is completed exactly.
 */
export class KnownMessages {
  readonly #ids = new Map<string, boolean>();
  readonly #copies = new Map<string, number>();
  #oldestMs = Infinity;

  /** @throws BooksError `TOO_EXPENSIVE` for a source with too many messages */
  add({ data, original }: SourceMessage): void {
    if (original === null) this.#copies.set(digestOf(data), 0);
    else this.#ids.set(original.messageId, false);
    const at = Date.parse(original?.publishedAt ?? '');
    if (original !== null) this.#oldestMs = Math.min(this.#oldestMs, Number.isNaN(at) ? 0 : at);
    if (this.#ids.size + this.#copies.size > MAX_MESSAGES)
      throw new BooksError({
        code: 'TOO_EXPENSIVE',
        message: `known messages are looked for in sources of at most ${MAX_MESSAGES} different messages: divide the source`,
      });
  }

  /** Asks the archive and the tables. */
  async lookUp(sql: Sql, scope: KnownScope): Promise<void> {
    if (this.#ids.size > 0) await this.#lookUpIds(sql, scope);
    if (this.#copies.size > 0) await this.#lookUpBytes(sql, scope);
  }

  /** True if the message is known; each copy in the archive answers for one message. */
  takes({ data, original }: SourceMessage): boolean {
    if (original !== null) return this.#ids.get(original.messageId) ?? false;
    const digest = digestOf(data);
    const copies = this.#copies.get(digest) ?? 0;
    if (copies > 0) this.#copies.set(digest, copies - 1);
    return copies > 0;
  }

  async #lookUpIds(sql: Sql, { tables, onEstimate }: KnownScope): Promise<void> {
    const now = Date.now();
    const from = new Date(
      Math.max(this.#oldestMs - 1_000, this.#oldestMs === 0 ? now - DEFAULT_YEARS_MS : 0),
    );
    const scope = { span: { from, to: new Date(now) }, tables, inProgressSince: new Date(now) };
    await withTables(sql, tables, sightings(sql, scope), async (source) => {
      const query = {
        sql: `SELECT DISTINCT id FROM ${source}`,
        parameters: { span_from: scope.span.from, span_to: scope.span.to },
      };
      await onEstimate(await sql.estimateBytes(query));
      for await (const row of sql.rows(query)) {
        const id = textOf(row, 'id');
        if (this.#ids.has(id)) this.#ids.set(id, true);
      }
    });
  }

  async #lookUpBytes(sql: Sql, { since, attributes, onEstimate }: KnownScope): Promise<void> {
    const names = Object.keys(attributes);
    const conditions = names.map(
      (name, index) => ` AND JSON_VALUE(attributes, '$."${name.replaceAll("'", "\\'")}"') = @value_${index}`,
    );
    const parameters: Record<string, SqlParameter> = { since };
    for (const [index, value] of Object.values(attributes).entries()) parameters[`value_${index}`] = value;
    const query = {
      sql: `SELECT TO_HEX(SHA256(data)) AS digest, COUNT(DISTINCT message_id) AS copies FROM ${sql.archiveName('_raw_events')} WHERE publish_time >= @since${conditions.join('')} GROUP BY digest`,
      parameters,
    };
    await onEstimate(await sql.estimateBytes(query));
    for await (const row of sql.rows(query)) {
      const digest = shortened(textOf(row, 'digest'));
      if (this.#copies.has(digest)) this.#copies.set(digest, numberOf(row, 'copies'));
    }
  }
}

function digestOf(data: Uint8Array): string {
  return shortened(createHash('sha256').update(data).digest('hex'));
}

/** 128 bits: two different events with the same are not to be expected. */
function shortened(hex: string): string {
  return hex.slice(0, 32);
}
