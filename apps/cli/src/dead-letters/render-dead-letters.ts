import type { DeadLetterGroup, DeadLetterSummary, Dismissal } from '@pipeline/books';
import { quoted, type CommandWords } from '../command/command-line.js';
import { printable, printableLines } from '../command/printable.js';
import { textTable } from '../command/text-table.js';

const NONE = 'No dead letters in this period.';

/** Groups of one cause each, the largest first. */
export function renderGroups(groups: readonly DeadLetterGroup[], command: CommandWords): string {
  if (groups.length === 0) return NONE;
  const table = textTable(
    ['reason', 'table', 'event type', 'path', 'messages', 'letters', 'first seen', 'last seen', 'sample'],
    groups.map((group) => [
      group.reason,
      group.table,
      group.eventType,
      group.path,
      group.messages,
      group.letters,
      toSecond(group.firstSeen),
      toSecond(group.lastSeen),
      group.sampleMessageId,
    ]),
  );
  const { sampleMessageId, reason } = groups.find((group) => group.sampleMessageId !== null) ?? {};
  if (sampleMessageId == null) return table;
  const sample = quoted(sampleMessageId);
  return [
    table,
    '',
    `What one of them is: ${command(`explain ${sample}`)}`,
    `What a replay would do: ${command(`replay --dry-run${reason == null ? '' : ` --reason ${quoted(reason)}`}`)}`,
  ].join('\n');
}

/** One line for each dead letter; no payload. */
export function renderList(letters: readonly DeadLetterSummary[]): string {
  if (letters.length === 0) return NONE;
  return textTable(
    ['dead since', 'message', 'reason', 'table', 'event type', 'attempt', 'detail'],
    letters.map((letter) => [
      toSecond(letter.deadLetteredAt),
      letter.messageId,
      letter.reason,
      letter.table,
      letter.eventType,
      letter.attempt,
      letter.detail,
    ]),
  );
}

/** The dead letters of one message, and its payload for a terminal if it is given. */
export function renderOne(
  letters: readonly DeadLetterSummary[],
  dismissal: Dismissal | null,
  payload: string | null,
): string {
  const each = letters.map((letter) =>
    [
      `message      ${printable(letter.messageId ?? '(none)')}`,
      `published    ${printable(letter.publishedAt ?? '(unknown)')}`,
      `dead since   ${letter.deadLetteredAt}, attempt ${letter.attempt}`,
      `event type   ${printable(letter.eventType ?? '(unknown)')}`,
      `table        ${printable(letter.table ?? '(none)')}`,
      `reason       ${printable(reasonOf(letter))}`,
      `detail       ${printable(letter.detail ?? '')}`,
      `written by   ${printable(letter.service ?? '(unknown)')}`,
    ].join('\n'),
  );
  const mark =
    dismissal?.dismissed === true
      ? [`dismissed    ${dismissal.at} by ${dismissal.actor}: ${printable(dismissal.reason ?? '')}`]
      : [];
  return [...each, ...mark, ...(payload === null ? [] : [`payload\n${printableLines(payload)}`])].join(
    '\n\n',
  );
}

function reasonOf({ reason, stage, path }: DeadLetterSummary): string {
  return `${reason ?? '(none)'}, at ${stage ?? 'an unknown stage'}${path === null ? '' : `, path ${path}`}`;
}

function toSecond(time: string): string {
  return time.slice(0, 19).replace('T', ' ');
}
