import type { SqlRow } from '@pipeline/google-clients';
import {
  buildRow,
  compileSchema,
  fit,
  plan,
  PIPELINE_COLUMNS,
  type CompiledSchema,
  type Decoded,
  type DecodedEvent,
  type TableSchema,
} from '@pipeline/schema-inference';
import type { DeadLetterSummary } from './dead-letters.js';
import { DEFAULT_IN_PROGRESS_MS } from './audit.js';
import { decodeRouted, tableOf, type EventRouting } from './event-routing.js';
import { explainLeaf, type LeafExplanation } from './explain-leaf.js';
import type { RawMessage } from './raw-messages.js';
import { rebuildEvent } from './rebuild-event.js';
import { rejectionWords } from './rejection-words.js';
import { pipelineCommand, wayBack } from './way-back.js';

/** Archive entry, rows and dead letters of one message. */
export interface MessageFacts {
  /** Null where the archive never saw it, or keeps it no more. */
  readonly raw: RawMessage | null;
  /** Its rows; normally one. `schema` is that of their table. */
  readonly table: string | null;
  readonly rows: readonly SqlRow[];
  readonly schema: TableSchema | null;
  readonly deadLetters: readonly DeadLetterSummary[];
  readonly now: Date;
  readonly inProgressMs: number;
}

/** Outcomes of a message. */
export type MessageOutcome = 'row' | 'dead-letter' | 'in-progress' | 'unaccounted' | 'unknown';

/** One message from its bytes to the place of every value, in words. */
export interface MessageExplanation {
  readonly messageId: string;
  readonly outcome: MessageOutcome;
  readonly eventType: string | null;
  readonly table: string | null;
  readonly publishedAt: string | null;
  /** The outcome and the remedy, sentence by sentence. */
  readonly summary: readonly string[];
  /** Of a stored event where its values are; of any other where they would be today. */
  readonly leaves: readonly LeafExplanation[];
  readonly row: SqlRow | null;
  readonly deadLetters: readonly DeadLetterSummary[];
}

const EMPTY_TABLE: TableSchema = { columns: PIPELINE_COLUMNS, closed: false };

/** Settings of the services, and how hints are written. */
export interface ExplainContext extends EventRouting {
  /** Completes a command of a hint; `replay --id 7` → `pipeline replay --id 7` if absent. */
  readonly command?: (words: string) => string;
  /** First publish time that was searched. */
  readonly since?: Date;
}

/** Explains one message. Pure: everything it says follows from the facts. */
export function explainMessage(
  messageId: string,
  facts: MessageFacts,
  routing: ExplainContext,
): MessageExplanation {
  const { raw, rows, deadLetters } = facts;
  const outcome = outcomeOf(facts);
  const decoded = raw === null ? null : decodeRouted(raw, routing);
  const event = decoded?.kind === 'event' ? decoded.event : null;
  const table = facts.table ?? tableOf(decoded, routing);
  const schema = facts.schema ?? EMPTY_TABLE;
  const row = rows[0] ?? null;
  const rejection = decoded?.kind === 'rejected' ? [rejectionWords(decoded.code)] : [];
  return {
    messageId,
    outcome,
    eventType: event?.eventType ?? null,
    table,
    publishedAt: raw?.publishedAt ?? null,
    summary: [...outcomeWords(messageId, outcome, facts, { table, decoded, routing }), ...rejection],
    leaves: event === null ? [] : explainLeaves(event, row, schema),
    row,
    deadLetters,
  };
}

function outcomeOf({ raw, rows, deadLetters, now, inProgressMs }: MessageFacts): MessageOutcome {
  if (rows.length > 0) return 'row';
  if (deadLetters.length > 0) return 'dead-letter';
  if (raw === null) return 'unknown';
  return now.getTime() - Date.parse(raw.publishedAt) < inProgressMs ? 'in-progress' : 'unaccounted';
}

interface OutcomeContext {
  readonly table: string | null;
  readonly decoded: Decoded | null;
  readonly routing: ExplainContext;
}

function outcomeWords(
  messageId: string,
  outcome: MessageOutcome,
  facts: MessageFacts,
  { table, decoded, routing }: OutcomeContext,
): string[] {
  const { rows, raw, deadLetters } = facts;
  const { command = pipelineCommand } = routing;
  const unarchived =
    raw === null
      ? ['The archive does not have it: it is older than the archive keeps, or the id is another topic’s.']
      : [];
  switch (outcome) {
    case 'row': {
      const copies =
        rows.length === 1
          ? []
          : [
              `It has ${rows.length} rows, because it was delivered more than once; the view ${String(table)}_unique shows one.`,
            ];
      const before =
        deadLetters.length === 0 ? [] : [`It was a dead letter before, and a replay brought it here.`];
      return [`It is a row of table ${String(table)}.`, ...copies, ...before, ...unarchived];
    }
    case 'dead-letter': {
      const last = deadLetters[0];
      const reason = last?.reason ?? 'no reason';
      return [
        `It is a dead letter with the reason ${reason}${last?.detail == null ? '' : `: ${last.detail}`}.`,
        ...wayBack(messageId, { raw, decoded, routing, command }),
        ...unarchived,
      ];
    }
    case 'in-progress':
      return ['It is in progress: younger than an event may take.'];
    case 'unaccounted':
      return [
        'It is neither a row nor a dead letter, and too old to be on its way.',
        `Bring it back from the archive with: ${command(unaccountedReplay(messageId, facts, decoded))}`,
      ];
    case 'unknown':
      return [
        `No message with this id is in the archive, the event tables or the dead letters${routing.since === undefined ? '' : ` (searched since ${routing.since.toISOString()})`}.`,
      ];
  }
}

function unaccountedReplay(
  messageId: string,
  { raw, inProgressMs }: MessageFacts,
  decoded: Decoded | null,
): string {
  return [
    `replay --unaccounted --id ${messageId}`,
    ...(inProgressMs === DEFAULT_IN_PROGRESS_MS ? [] : [`--in-progress-seconds ${inProgressMs / 1_000}`]),
    ...(raw === null ? [] : [`--since ${raw.publishedAt}`]),
    ...(decoded?.kind === 'rejected' ? ['--force'] : []),
  ].join(' ');
}

/** Of a stored event where its values are; of any other where they would be, once the table had what it lacks. */
function explainLeaves(event: DecodedEvent, row: SqlRow | null, schema: TableSchema): LeafExplanation[] {
  const compiled = compileSchema(schema);
  if (row !== null) return rebuildEvent(event, row, compiled).map((leaf) => explainLeaf(leaf, compiled));
  const pending = fit(event, compiled, { verdictOnly: true }).pending;
  const planned = compileSchema(plan(schema, [pending]).schema);
  const future = rowOf(event, planned);
  if (future === null) return [];
  return rebuildEvent(event, future, planned).map((leaf) => {
    const explained = explainLeaf(leaf, planned);
    const isNew =
      pending.length > 0 && explained.place === 'column' && !isThere(explained, compiled, planned);
    return {
      ...explained,
      words: `It would be: ${explained.words}${isNew ? ' That column is yet to be made or widened.' : ''}`,
    };
  });
}

function rowOf(event: DecodedEvent, compiled: CompiledSchema): SqlRow | null {
  const message = { messageId: '', publishTime: '' };
  const built = buildRow(message, event, fit(event, compiled), '');
  return built.kind === 'row' ? built.row : null;
}

function isThere({ column, type }: LeafExplanation, now: CompiledSchema, planned: CompiledSchema): boolean {
  if (column === null || now === planned) return false;
  let columns = now.schema.columns;
  let found;
  for (const name of column.split('.')) {
    found = columns.find((candidate) => candidate.name === name);
    columns = found?.columns ?? [];
  }
  if (found === undefined) return false;
  return type === (found.mode === 'REPEATED' ? `ARRAY<${found.type}>` : found.type);
}
