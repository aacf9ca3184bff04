import { createHash } from 'node:crypto';
import { RowWriter } from '@pipeline/bigquery-tables';
import type { Sabotage } from './lab.options.js';

/**
 * Loaded into table-manager before its own code (`node --import`), where the lab was asked to sabotage it: puts a bug into
 * the parts that the service is made of. The service knows nothing of it. Which events it hits follows from their ids, so
 * that a second delivery meets the same bug.
 */
const WANTED = process.env['LAB_SABOTAGE'] ?? '';
const LETTERS = '../../../apps/table-manager/dist/dead-letters/pubsub-dead-letter-publisher.js';

/** The rows of each ten that a bug hits. */
const HITS: Readonly<Record<string, readonly number[]>> = {
  'row-dropped': [0, 7],
  'value-rounded': [1, 2, 3, 4],
  'duplicate-merged-wrongly': [5, 6],
  'dead-letter-swallowed': [0, 1, 2, 3, 4],
};

function hits(sabotage: Exclude<Sabotage, 'all'>, messageId: string): boolean {
  if (WANTED !== sabotage && WANTED !== 'all') return false;
  const digit = createHash('sha256').update(messageId).digest().readUInt32BE(0) % 10;
  return HITS[sabotage]?.includes(digit) ?? false;
}

/** Logs each sabotage, so that the findings of the lab can be compared with it. */
function log(sabotage: Sabotage, ...messageIds: readonly string[]): void {
  process.stderr.write(`sabotaged ${sabotage} ${messageIds.join(' ')}\n`);
}

type Row = Parameters<RowWriter['write']>[1];

const write = Object.getOwnPropertyDescriptor(RowWriter.prototype, 'write')?.value as RowWriter['write'];
const lastIds = new Map<string, string>();

RowWriter.prototype.write = function sabotaged(this: RowWriter, tableId: string, row: Row) {
  const { insertId: messageId } = row;
  if (hits('row-dropped', messageId)) {
    log('row-dropped', messageId);
    return Promise.resolve({ kind: 'stored' });
  }
  // A replica that has seen no other message of the table merges into one of its own making.
  const other = lastIds.get(tableId) ?? `merged-into-${tableId}`;
  if (other !== messageId && hits('duplicate-merged-wrongly', messageId)) {
    log('duplicate-merged-wrongly', messageId, other);
    return write.call(this, tableId, {
      ...changed(row, { _message_id: other }),
      insertId: other,
    });
  }
  if (!hits('duplicate-merged-wrongly', messageId)) lastIds.set(tableId, messageId);
  return write.call(this, tableId, hits('value-rounded', messageId) ? rounded(row) : row);
};

/** The row with other values; the bytes that are written already do not count. */
function changed(row: Row, values: Row['row']): Row {
  return { ...row, row: { ...row.row, ...values }, written: null };
}

const DECIMAL = /^-?\d+\.\d*[1-9]\d*$/;

/** Its first decimal without the digits after the point. */
function rounded(row: Row): Row {
  const found = Object.entries(row.row).find(
    ([name, value]) =>
      (typeof value === 'string' || typeof value === 'number') &&
      DECIMAL.test(String(value)) &&
      row.columns.some((column) => column.name === name && /NUMERIC|FLOAT/.test(column.type)),
  );
  if (found === undefined) return row;
  const [name, value] = found;
  log('value-rounded', row.insertId);
  const whole = String(value).replace(/\..*$/, '').replace(/^-0$/, '0');
  return changed(row, { [name]: typeof value === 'number' ? Number(whole) : whole });
}

interface Letter {
  readonly messageId: string | null;
}
type Publish = (this: unknown, letter: Letter) => Promise<{ readonly kind: string }>;

const { PubsubDeadLetterPublisher: publisher } = (await import(new URL(LETTERS, import.meta.url).href)) as {
  readonly PubsubDeadLetterPublisher: { readonly prototype: { publish: Publish } };
};
const { publish } = publisher.prototype;

publisher.prototype.publish = function sabotaged(letter) {
  const { messageId } = letter;
  if (messageId === null || !hits('dead-letter-swallowed', messageId)) return publish.call(this, letter);
  log('dead-letter-swallowed', messageId);
  return Promise.resolve({ kind: 'published' });
};
