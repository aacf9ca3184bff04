import type { MessageExplanation } from '@pipeline/books';
import { printable, printableJson, printableLines } from '../command/printable.js';
import { textTable } from '../command/text-table.js';

const LONGEST_VALUE = 60;

/** One message from its bytes to the place of every value. */
export function renderExplanation(
  explanation: MessageExplanation,
  raw: { readonly bytes: number; readonly text: string; readonly attributes: object } | null,
): string {
  const { messageId, eventType, table, publishedAt, summary, leaves, row } = explanation;
  const parts = [
    [
      `message     ${messageId}`,
      `published   ${publishedAt ?? '(unknown)'}`,
      `event type  ${printable(eventType ?? '(none)')}`,
      `table       ${printable(table ?? '(none)')}`,
    ].join('\n'),
    summary.map(printable).join('\n'),
  ];
  if (leaves.length > 0) {
    parts.push(
      textTable(
        ['value at', 'value', 'where and why'],
        leaves.map(({ pointer, json, words }) => [pointer, json === null ? null : shorten(json), words]),
      ),
    );
  }
  if (raw !== null)
    parts.push(
      `Bytes as published (${raw.bytes}):\n${indented(printableLines(raw.text))}`,
      `Attributes:\n${printableJson(JSON.stringify(raw.attributes))}`,
    );
  if (row !== null) parts.push(`Row:\n${printableJson(JSON.stringify(withoutEmpty(row), null, 2))}`);
  return parts.join('\n\n');
}

/** Indented, so that no line of an event looks like one of this page. */
function indented(text: string): string {
  return text.replaceAll(/^/gm, '  ');
}

function shorten(text: string): string {
  return text.length <= LONGEST_VALUE ? text : `${text.slice(0, LONGEST_VALUE - 1)}…`;
}

function withoutEmpty(row: Readonly<Record<string, unknown>>): object {
  return Object.fromEntries(
    Object.entries(row).filter(
      ([, value]) => value !== null && !(Array.isArray(value) && value.length === 0),
    ),
  );
}
