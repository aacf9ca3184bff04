import { createHash } from 'node:crypto';
import type { OutgoingMessage } from '@pipeline/google-clients';

/** The types of notices. Closed set; docs/notices has the JSON Schema of each. */
export const NOTICE_TYPES = [
  'schema.changed',
  'approval.pending',
  'approval.decided',
  'books.unbalanced',
  'deadletters.rising',
  'type.silent',
] as const;

/** One of {@link NOTICE_TYPES}. */
export type NoticeType = (typeof NOTICE_TYPES)[number];

/** The value of one field of an item. No value of an event is ever in a notice. */
export type ItemValue = string | number | null | readonly string[];

/** One fact as a consumer reads it. */
export type NoticeItem = Readonly<Record<string, ItemValue>>;

/**
 * Something durable that happened and that a notice reports once.
 *
 * Type and table are its cause: facts of one cause share a notice.
 */
export interface Fact {
  readonly type: NoticeType;
  /** Null for the dataset as a whole. */
  readonly table: string | null;
  /** Unique among the facts of its type, and the same whenever and wherever the fact is read. */
  readonly key: string;
  readonly item: NoticeItem;
}

/**
 * A notice: a CloudEvent 1.0.
 *
 * Shape: `{"specversion":"1.0","id":"schema.changed/orders/5f0c…","type":"schema.changed","source":"//bigquery.googleapis.com/projects/p/datasets/d",
 * "subject":"orders","time":"2026-11-30T10:00:00.000Z","datacontenttype":"application/json","data":{"dataset":"d","table":"orders","count":1,"items":[…]}}`.
 * Source: CloudEvents 1.0.2, from memory.
 */
export interface Notice {
  readonly specversion: '1.0';
  /** The same for every copy of the notice: consumers recognise copies by it. */
  readonly id: string;
  readonly type: NoticeType;
  readonly source: string;
  /** The table; absent for the dataset as a whole. */
  readonly subject?: string;
  readonly time: string;
  readonly datacontenttype: 'application/json';
  readonly data: NoticeData;
}

export interface NoticeData {
  readonly dataset: string;
  readonly table: string | null;
  /** Facts of this notice; more than `items` if the list is cut. */
  readonly count: number;
  /** The first facts, at most {@link MAX_ITEMS}. */
  readonly items: readonly NoticeItem[];
}

/** Items of one notice, so that it stays a small message. */
export const MAX_ITEMS = 100;

/** The dataset that notices are about. */
export interface NoticeSource {
  readonly projectId: string;
  readonly dataset: string;
}

/** Returns a short name of a fact: 16 digits of the SHA-256 of its type and key. */
export function factId({ type, key }: Pick<Fact, 'type' | 'key'>): string {
  return hash(`${type}\n${key}`);
}

/** Returns the notice of some facts of one cause. Its id depends on the facts alone, so that equal notices are copies of each other. */
export function toNotice(
  [first, ...others]: readonly [Fact, ...Fact[]],
  now: Date,
  { projectId, dataset }: NoticeSource,
): Notice {
  const facts = [first, ...others];
  const { type, table } = first;
  return {
    specversion: '1.0',
    id: `${type}/${table ?? ''}/${hash(facts.map(factId).sort().join('\n'))}`,
    type,
    source: `//bigquery.googleapis.com/projects/${projectId}/datasets/${dataset}`,
    ...(table === null ? {} : { subject: table }),
    time: now.toISOString(),
    datacontenttype: 'application/json',
    data: { dataset, table, count: facts.length, items: facts.slice(0, MAX_ITEMS).map(({ item }) => item) },
  };
}

/**
 * Returns the Pub/Sub message of a notice: the whole CloudEvent as data (structured mode), and its attributes once more as attributes
 * of the message, because filters of subscriptions read attributes only.
 */
export function toMessage(notice: Notice): OutgoingMessage {
  const { id, type, source, subject, time, specversion } = notice;
  return {
    data: Buffer.from(JSON.stringify(notice)),
    attributes: {
      'content-type': 'application/cloudevents+json',
      'ce-specversion': specversion,
      'ce-id': id,
      'ce-type': type,
      'ce-source': source,
      'ce-time': time,
      ...(subject === undefined ? {} : { 'ce-subject': subject }),
    },
  };
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
