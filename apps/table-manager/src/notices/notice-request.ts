import { readPublishedSince, RECENT } from '../requests/published-since.js';
import { invalidRequest, readJsonObject, unknownFields } from '../requests/json-object.js';

/** A validated request of `POST /notices`. */
export interface NoticeCall {
  readonly now: Date;
  /** Waiting values published before this are not looked for. */
  readonly publishedSince: Date;
}

/**
 * Parses the body: `{"publishedSince"?: "48h"}`, or nothing.
 * @throws RequestFailure 400, naming each field that is wrong
 */
export function parseNoticeCall(body: unknown, now: Date): NoticeCall {
  const given = readJsonObject(body);
  const { publishedSince = RECENT } = given;
  const since = readPublishedSince(publishedSince, now);
  const unknown = unknownFields(given, ['publishedSince']);
  if (!(since instanceof Date)) throw invalidRequest([since, ...unknown]);
  if (unknown.length > 0) throw invalidRequest(unknown);
  return { now, publishedSince: since };
}
