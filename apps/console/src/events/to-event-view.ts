import type { LeafExplanation, MessageExplanation, RawMessage } from '@pipeline/books';
import type { SqlRow } from '@pipeline/google-clients';
import type { CopyView, EventView, LeafView, RawView } from './events.dto.js';

/** Leaves and characters that a page shows; an event may have 250,000 values, and one value 10 MB. */
const MAX_LEAVES = 5_000;
const MAX_VALUE_CHARACTERS = 2_000;
const MAX_TEXT_CHARACTERS = 20_000;

/** An explanation for the API. Values are texts, so that no number is rounded on its way; without `values` there are none. */
export function toEventView(
  explanation: MessageExplanation,
  {
    raw,
    rows,
    values,
  }: { readonly raw: RawMessage | null; readonly rows: readonly SqlRow[]; readonly values: boolean },
): EventView {
  const { messageId, outcome, eventType, table, publishedAt, summary, leaves, deadLetters } = explanation;
  const count = (isWanted: (leaf: LeafExplanation) => boolean): number => leaves.filter(isWanted).length;
  return {
    messageId,
    outcome,
    eventType,
    table,
    publishedAt,
    summary,
    leafCount: leaves.length,
    inColumns: count(({ place }) => place === 'column'),
    inOverflow: count(({ place }) => place === 'overflow'),
    altered: count(({ isExact }) => !isExact),
    leaves: leaves.slice(0, MAX_LEAVES).map((leaf) => toLeaf(leaf, values)),
    copies: rows.map(toCopy),
    deadLetters,
    raw: raw === null ? null : toRaw(raw, values),
  };
}

function toLeaf({ json, ...leaf }: LeafExplanation, values: boolean): LeafView {
  return {
    ...leaf,
    json: values && json !== null ? cut(json, MAX_VALUE_CHARACTERS) : null,
    jsonLength: json?.length ?? null,
  };
}

function toRaw({ data, attributes }: RawMessage, values: boolean): RawView {
  const text = data.toString();
  return {
    bytes: data.length,
    text: values ? cut(text, MAX_TEXT_CHARACTERS) : null,
    textLength: text.length,
    attributes: values ? attributes : null,
  };
}

function toCopy(row: SqlRow): CopyView {
  const ingestedAt = row['_ingest_time'];
  return {
    ingestedAt: typeof ingestedAt === 'string' ? ingestedAt : null,
    revision: Number(row['_revision'] ?? 0),
  };
}

/** The first characters, never half of a surrogate pair. */
export function cut(text: string, characters: number): string {
  if (text.length <= characters) return text;
  const end = /[\ud800-\udbff]/.test(text.charAt(characters - 1)) ? characters - 1 : characters;
  return text.slice(0, end);
}
