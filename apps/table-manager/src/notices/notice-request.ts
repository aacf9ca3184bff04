import { parseTime } from '@pipeline/books';
import { invalidRequest, readJsonObject, unknownFields } from '../requests/json-object.js';

/** A validated request of `POST /notices`. */
export interface NoticeCall {
  readonly now: Date;
  /** Waiting values published before this are not looked for. */
  readonly publishedSince: Date;
}

/** Yesterday's partition too, for the events around midnight and those that were delivered late. */
const DEFAULT_SINCE = '48h';

/**
 * Parses the body: `{"publishedSince"?: "48h"}`, or nothing.
 * @throws RequestFailure 400, naming each field that is wrong
 */
export function parseNoticeCall(body: unknown, now: Date): NoticeCall {
  const given = readJsonObject(body);
  const { publishedSince = DEFAULT_SINCE } = given;
  const since = typeof publishedSince === 'string' ? parseTime(publishedSince, now) : undefined;
  const times = 'so long ago (48h, 30d), a day (2026-11-23) or a full time (2026-11-23T10:00:00Z)';
  const problems = [
    ...(since === undefined
      ? [{ field: 'publishedSince', rule: 'isTime', message: `publishedSince is ${times}` }]
      : []),
    ...unknownFields(given, ['publishedSince']),
  ];
  if (problems.length > 0 || since === undefined) throw invalidRequest(problems);
  return { now, publishedSince: since };
}
