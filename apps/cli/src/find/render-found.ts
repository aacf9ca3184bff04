import type { FoundOutcome } from '@pipeline/books';
import { quoted, type CommandWords } from '../command/command-line.js';
import { listedOf, textTable } from '../command/text-table.js';

export type FoundEvent = FoundOutcome & { readonly publishedAt: string };

/** The outcome of a message in a few words: `row of orders`, `dead letter: NOT_JSON`. */
export function outcomeWords({
  kind,
  table,
  reason,
}: Pick<FoundOutcome, 'kind' | 'table' | 'reason'>): string {
  switch (kind) {
    case 'row':
      return `row of ${table ?? 'a table'}`;
    case 'dead-letter':
      return `dead letter: ${reason ?? 'no reason'}`;
    case 'quarantined':
      return 'quarantined';
    case 'none':
      return 'neither row nor dead letter yet';
  }
}

export function renderFound(
  found: readonly FoundEvent[],
  { total, since, command }: { readonly total: number; readonly since: Date; readonly command: CommandWords },
): string {
  const from = `${since.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  const [first] = found;
  if (first === undefined) return `No message with this value since ${from}: --since searches further back.`;
  const table = textTable(
    ['message', 'published', 'what became of it'],
    found.map((event) => [
      event.messageId,
      event.publishedAt.slice(0, 19).replace('T', ' '),
      outcomeWords(event),
    ]),
  );
  const hint = `Where its values are: ${command(`explain ${quoted(first.messageId)}`)}`;
  return [table, '', ...listedOf(found.length, total), hint].join('\n');
}
