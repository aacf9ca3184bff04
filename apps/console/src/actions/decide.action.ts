import { ALL_ROWS } from '@pipeline/bigquery-tables';
import { namedEventTables, pendingApprovals, type PendingApproval } from '@pipeline/books';
import { RequestFailure } from '@pipeline/platform';
import { IsOptional, IsString, MaxLength } from 'class-validator';
import type { Identity } from '../access/access.js';
import { Optional, Text } from '../api/properties.js';
import type { ActionKind, Previewed } from './action.js';
import type { ActionTools } from './action-tools.js';

/** A change that waits for an approval. */
export class DecideInput {
  @Text({ description: 'Name of an event table', example: 'orders' })
  @IsString()
  @MaxLength(1_024)
  readonly table!: string;

  @Text({ description: 'Path as the list of pending changes has it', example: '/discount' })
  @IsString()
  @MaxLength(10_000)
  readonly path!: string;

  @Optional({ type: String, description: 'The reason, for the history; required to reject' })
  @IsOptional()
  @IsString()
  @MaxLength(1_000)
  readonly reason?: string;
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
        return this.name === 'approve'
          ? approver.approve(tableId, path, because === '' ? null : because)
          : approver.reject(tableId, path, because);
      },
    };
  }

  async #pending(table: string, path: string): Promise<PendingApproval> {
    const { sql, readSchema } = this.tools.warehouse;
    const { approvals } = await pendingApprovals(sql, [table], { readSchema, includeRejected: true });
    const found = approvals.find((approval) => approval.path === path);
    if (found !== undefined) return found;
    throw new RequestFailure({
      status: 404,
      code: 'NOTHING_WAITS',
      message: `No value of ${table} at ${path} waits for an approval: it may have been decided meanwhile`,
    });
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
