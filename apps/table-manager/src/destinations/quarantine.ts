import {
  QUARANTINE_COLUMNS,
  QUARANTINE_TABLE,
  toQuarantineRow,
  type QuarantineReason,
  type RowWriter,
} from '@pipeline/bigquery-tables';
import { CloudError } from '@pipeline/google-clients';
import type { IncomingEvent } from '../intake/event-destination.port.js';
import type { EventOutcome } from '../intake/event-outcome.js';
import { toMicroseconds } from './publish-time.js';

/** Estimate of a quarantined row without its data. */
const ROW_BYTES = 1_000;

/** Appends the whole message to `_quarantine`, because its table may not be created. */
export async function quarantine(
  writer: Pick<RowWriter, 'write'>,
  { table, message, event, finishByMs }: IncomingEvent & { readonly table: string },
  reason: QuarantineReason,
): Promise<Extract<EventOutcome, { kind: 'quarantined' | 'held' }>> {
  const { messageId, data, attributes } = message;
  const publishTime = toMicroseconds(message.publishTime);
  const { eventType } = event;
  const row = toQuarantineRow(
    { messageId, publishTime, eventType, table, reason, data, attributes },
    Date.now(),
  );
  const bytes = Math.ceil(data.byteLength / 3) * 4 + ROW_BYTES;
  const toWrite = { insertId: messageId, row, columns: QUARANTINE_COLUMNS, bytes, deadlineAtMs: finishByMs };
  try {
    const written = await writer.write(QUARANTINE_TABLE, toWrite);
    if (written.kind === 'stored') return { kind: 'quarantined', reason, table };
    // BigQuery's message for a refused row may quote a value, and this detail is logged.
    const detail = written.kind === 'rejected' ? 'BigQuery refused the row of _quarantine' : written.message;
    return { kind: 'held', table, code: 'QUARANTINE_FAILED', disposition: 'transient', detail };
  } catch (cause) {
    const { code, disposition, message: detail } = CloudError.from(cause);
    return {
      kind: 'held',
      table,
      code,
      disposition: disposition === 'setup' ? 'setup' : 'transient',
      detail,
    };
  }
}
