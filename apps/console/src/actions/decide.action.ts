import { ALL_ROWS } from '@pipeline/bigquery-tables';
import {
  countHeld,
  namedEventTables,
  pendingApprovals,
  pendingTypes,
  tableOfHeld,
  TypeApprover,
  type PendingApproval,
  type TypeDecision,
} from '@pipeline/books';
import { RequestFailure } from '@pipeline/platform';
import { IsOptional, IsString, MaxLength } from 'class-validator';
import type { Identity } from '../access/access.js';
import { Optional, Text } from '../api/properties.js';
import type { ActionKind, Previewed, RunContext } from './action.js';
import type { ActionTools } from './action-tools.js';

/** A change or an event type that waits for an approval. */
export class DecideInput {
  @Text({
    description: 'Name of an event table, also of one that a new event type would get',
    example: 'orders',
  })
  @IsString()
  @MaxLength(1_024)
  readonly table!: string;

  @Text({
    description: 'Path as the list of pending changes has it; empty for an event type',
    example: '/discount',
  })
  @IsString()
  @MaxLength(10_000)
  readonly path!: string;

  @Optional({ type: String, description: 'The reason, for the history; required to reject' })
  @IsOptional()
  @IsString()
  @MaxLength(1_000)
  readonly reason?: string;
}

/** An event type whose table exists and whose events are not all replayed. */
interface InterruptedApproval {
  readonly kind: 'interrupted';
  readonly table: string;
  readonly path: '';
  /** Events that still wait. */
  readonly values: number;
}

/** `pipeline approve` and `pipeline reject`. */
export class DecideAction implements ActionKind<DecideInput> {
  readonly role = 'admin';
  readonly Input = DecideInput;

  constructor(
    readonly name: 'approve' | 'reject',
    private readonly tools: ActionTools,
  ) {}

  async preview({ table, path, reason }: DecideInput, identity: Identity): Promise<Previewed> {
    const because = reason?.trim() ?? '';
    if (this.name === 'reject' && because === '') {
      throw new RequestFailure({
        status: 400,
        code: 'INVALID_REQUEST',
        message: 'reason: name the reason, it is what the producer reads in the history',
        fields: [{ field: 'reason', rule: 'required', message: 'reason: name the reason' }],
      });
    }
    if (path === '') return this.#previewType(table, because, identity);
    const { sql } = this.tools.warehouse;
    const [tableId = table] = await namedEventTables(sql, [table]);
    const pending = await this.#pending(tableId, path);
    const estimatedBytes = this.name === 'approve' ? await this.#cost(tableId, identity) : 0;
    return {
      input: { table: tableId, path, reason: because },
      figures: { ...pending, estimatedBytes },
      run: async () => {
        await this.#refuseIfChanged(pending);
        const { approver } = this.tools.tables(identity);
        const decision =
          this.name === 'approve'
            ? await approver.approve(tableId, path, because === '' ? null : because)
            : await approver.reject(tableId, path, because);
        if (decision.kind !== 'approved' || decision.left === 0) {
          this.tools.pending.decided(this.name, tableId, path);
        }
        return decision;
      },
    };
  }

  /** An event type: approving creates its table and replays what waits, or continues an approval that was interrupted. */
  async #previewType(table: string, reason: string, identity: Identity): Promise<Previewed> {
    const { approvals } = await pendingTypes(this.tools.warehouse.sql, {
      name: table,
      includeRejected: true,
    });
    // A table may have the name of an event type that asks for another table.
    const asked = approvals.find((one) => one.table === table);
    const pending = asked ?? (await this.#interrupted(table, identity)) ?? approvals[0];
    if (pending === undefined) throw nothingWaits(`event type or table ${table}`);
    return {
      input: { table: pending.table, path: '', reason },
      figures: { ...pending, estimatedBytes: 0 },
      run: async (context) => {
        const decision = await this.#decideType(pending.table, reason, { identity, context });
        if (decision.kind !== 'approved' || decision.left === 0) {
          this.tools.pending.decided(this.name, pending.table, '');
        }
        return decision;
      },
    };
  }

  /** The table of an approval that ended before every event was replayed; null if there is none. */
  async #interrupted(name: string, identity: Identity): Promise<InterruptedApproval | null> {
    if (this.name === 'reject') return null;
    const { sql } = this.tools.warehouse;
    const table = await tableOfHeld(sql, name);
    if (table === null || !(await this.tools.tables(identity).types.exists(table))) return null;
    const { waiting } = await countHeld(sql, { table });
    return waiting === 0 ? null : { kind: 'interrupted', table, path: '', values: waiting };
  }

  async #decideType(
    table: string,
    reason: string,
    { identity, context }: { readonly identity: Identity; readonly context: RunContext },
  ): Promise<TypeDecision> {
    const { replayTopic, warehouse } = this.tools;
    const publisher = this.tools.publisher(replayTopic);
    const approver = new TypeApprover({
      sql: warehouse.sql,
      publisher,
      forecaster: this.tools.forecaster(),
      tables: this.tools.tables(identity).types,
      routing: warehouse.routing,
      signal: context.signal,
      onProgress: ({ replayed, left }) => {
        context.onProgress(replayed, replayed + left);
      },
    });
    try {
      return this.name === 'approve'
        ? await approver.approve(table, reason === '' ? null : reason)
        : await approver.reject(table, reason);
    } finally {
      await publisher.close();
    }
  }

  async #pending(table: string, path: string): Promise<PendingApproval> {
    const { sql, readSchema } = this.tools.warehouse;
    const { approvals } = await pendingApprovals(sql, [table], { readSchema, includeRejected: true });
    const found = approvals.find((approval) => approval.path === path);
    if (found !== undefined) return found;
    throw nothingWaits(`value of ${table} at ${path}`);
  }

  /** Bytes of the read that the promotion after the approval makes, by a dry run. */
  async #cost(table: string, identity: Identity): Promise<number> {
    const { promoter } = this.tools.tables(identity);
    const run = await promoter.run({
      tables: [table],
      ...ALL_ROWS,
      isDryRun: true,
      endsAtMs: Infinity,
    });
    return run.days.reduce((sum, { bytesProcessed }) => sum + bytesProcessed, 0);
  }

  /** Values that came since the preview may ask for another type. */
  async #refuseIfChanged({ table, path, kind, type }: PendingApproval): Promise<void> {
    const now = await this.#pending(table, path);
    if (now.kind === kind && now.type === type) return;
    throw new RequestFailure({
      status: 409,
      code: 'PREVIEW_CHANGED',
      message: `The values of ${table} at ${path} ask for ${now.type ?? 'another type'} now, not ${type ?? 'the type of the preview'}: look again`,
    });
  }
}

function nothingWaits(what: string): RequestFailure {
  const message = `No ${what} waits for an approval: it may have been decided meanwhile`;
  return new RequestFailure({ status: 404, code: 'NOTHING_WAITS', message });
}
