import { deepAudit, estimateDeepAudit, namedEventTables, type DeepAuditOptions } from '@pipeline/books';
import { IsOptional, IsString, MaxLength } from 'class-validator';
import { Optional } from '../api/properties.js';
import { refused } from '../api/refused.js';
import { SpanQuery, toSpan } from '../api/span.query.js';
import type { ActionKind, Previewed } from './action.js';
import type { ActionTools } from './action-tools.js';

/** A longer span is for the command, which can be interrupted and left alone. */
const MAX_SPAN_MS = 25 * 3_600_000;

/** A span of publish time, an hour when absent. */
export class DeepAuditInput extends SpanQuery {
  @Optional({ type: String, description: 'Only rows of this table' })
  @IsOptional()
  @IsString()
  @MaxLength(1_024)
  readonly table?: string;
}

/** `pipeline audit --deep`: every value is rebuilt from its row. Reads payloads. */
export class DeepAuditAction implements ActionKind<DeepAuditInput> {
  readonly name = 'deep-audit';
  readonly role = 'operator';
  readonly Input = DeepAuditInput;

  constructor(private readonly tools: ActionTools) {}

  async preview({ table, ...query }: DeepAuditInput): Promise<Previewed> {
    const { sql, readSchema, routing, now } = this.tools.warehouse;
    const span = toSpan(query, now(), '1h');
    if (span.to.getTime() - span.from.getTime() > MAX_SPAN_MS) {
      throw refused(
        'SPAN_TOO_LONG',
        'A deep audit here takes a day at most: use pipeline audit --deep for more',
      );
    }
    const tables = table === undefined ? {} : { tables: await namedEventTables(sql, [table]) };
    const { eventTypeFrom } = routing;
    const options: DeepAuditOptions = {
      span,
      readSchema,
      ...tables,
      ...(eventTypeFrom === undefined ? {} : { eventTypeFrom }),
    };
    return {
      input: { since: span.from, until: span.to, ...(table === undefined ? {} : { table }) },
      figures: { estimatedBytes: await estimateDeepAudit(sql, options) },
      run: ({ signal, onProgress }) =>
        deepAudit(sql, {
          ...options,
          signal,
          onProgress: (rows) => {
            onProgress(rows, null);
          },
        }),
    };
  }
}
