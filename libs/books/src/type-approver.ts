import type { DecodedEvent } from '@pipeline/schema-inference';
import { decodeRouted, tableOf, type EventRouting } from './event-routing.js';
import { countHeld, heldCandidates, tableOfHeld } from './held-types.js';
import { releaseTypes, type Release, type ReleaseOptions } from './release-types.js';

/** A decision that was made before about the same type. */
export interface EarlierTypeDecision {
  readonly kind: 'APPROVE_CHANGE' | 'REJECT_CHANGE';
  readonly decidedAt: string;
  readonly actor: string;
  readonly reason: string | null;
}

/** A held event that says which columns its table needs. */
export interface HeldEvent {
  readonly messageId: string;
  readonly event: DecodedEvent;
}

/** The tables and the history, as decisions about event types use them. */
export interface TypeTables {
  exists(table: string): Promise<boolean>;
  /** Creates the table with the columns of the events. @returns false if another writer was first */
  create(table: string, events: readonly HeldEvent[]): Promise<boolean>;
  /** The last decision about the type. */
  earlier(table: string): Promise<EarlierTypeDecision | null>;
  record(table: string, kind: EarlierTypeDecision['kind'], reason: string | null): Promise<void>;
}

/**
 * `approved`: the table exists (`created` by this call), and `replayed` messages were published; `left` have no row yet.
 * `rejected`: recorded; `waiting` messages stay where they are. `exists`: the table is there, and no message waits for it.
 * `nothing-waits`: no message of such a type is held, and no table has the name.
 */
export type TypeDecision =
  | ({
      readonly kind: 'approved';
      readonly table: string;
      readonly created: boolean;
      readonly earlier: EarlierTypeDecision | null;
    } & Release)
  | {
      readonly kind: 'rejected';
      readonly table: string;
      readonly waiting: number;
      readonly earlier: EarlierTypeDecision | null;
    }
  | { readonly kind: 'exists'; readonly table: string; readonly earlier: EarlierTypeDecision | null }
  | { readonly kind: 'nothing-waits' };

export interface TypeApproverOptions extends ReleaseOptions {
  readonly tables: TypeTables;
  readonly routing: EventRouting;
}

/** Events that say which columns a new table gets at once; the others add theirs when they are replayed. */
const FIRST_EVENTS = 100;

/**
 * Carries out a person's decisions about event types that a contract holds back.
 *
 * The table decides: once it exists, its type is approved. So any number of deciders are safe beside each other, and a decision
 * that is interrupted is repeated.
 */
export class TypeApprover {
  constructor(private readonly options: TypeApproverOptions) {}

  /**
   * Creates the table and replays the messages that wait for it.
   * @param name an event type or its table
   * @throws CloudError
   */
  async approve(name: string, reason: string | null): Promise<TypeDecision> {
    const { sql, tables } = this.options;
    const table = await tableOfHeld(sql, name);
    if (table === null) return this.#withoutMessages(name);
    const earlier = await tables.earlier(table);
    const isThere = await tables.exists(table);
    if (isThere && (await countHeld(sql, { table })).waiting === 0) return { kind: 'exists', table, earlier };
    const created = !isThere && (await tables.create(table, await this.#firstEvents(table)));
    if (created || earlier?.kind !== 'APPROVE_CHANGE') await tables.record(table, 'APPROVE_CHANGE', reason);
    const release = await releaseTypes({ table }, this.options);
    return { kind: 'approved', table, created, earlier, ...release };
  }

  /** Records that messages of a type stay where they are. Nothing is deleted. @throws CloudError */
  async reject(name: string, reason: string): Promise<TypeDecision> {
    const { sql, tables } = this.options;
    const table = await tableOfHeld(sql, name);
    if (table === null) return this.#withoutMessages(name);
    const earlier = await tables.earlier(table);
    if (await tables.exists(table)) return { kind: 'exists', table, earlier };
    if (earlier?.kind !== 'REJECT_CHANGE') await tables.record(table, 'REJECT_CHANGE', reason);
    const { waiting } = await countHeld(sql, { table });
    return { kind: 'rejected', table, waiting, earlier };
  }

  async #withoutMessages(name: string): Promise<TypeDecision> {
    const { tables, routing } = this.options;
    const routed = routing.routes[name] ?? null;
    for (const table of [name, ...(routed === null ? [] : [routed])])
      if (await tables.exists(table)) return { kind: 'exists', table, earlier: await tables.earlier(table) };
    return { kind: 'nothing-waits' };
  }

  async #firstEvents(table: string): Promise<readonly HeldEvent[]> {
    const { sql, routing } = this.options;
    const events: HeldEvent[] = [];
    for await (const { message } of heldCandidates(sql, { table })) {
      const decoded = decodeRouted(message, routing);
      if (decoded.kind === 'event' && tableOf(decoded, routing) === table)
        events.push({ messageId: message.messageId, event: decoded.event });
      if (events.length === FIRST_EVENTS) break;
    }
    return events;
  }
}
