import type { BacklogContents } from '../backlog/backlog.js';
import type { StoredMessage } from '../backlog/message.js';

/**
 * The backlog after a seek to a time: everything published before it is acknowledged, the rest is not.
 *
 * `retained` are messages that the topic keeps. Source: https://cloud.google.com/pubsub/docs/replay-overview, read 2026-11-22.
 */
export function seekToTime(
  current: BacklogContents,
  retained: readonly StoredMessage[],
  timeMs: number,
): BacklogContents {
  const known = union(current.pending, current.acked, retained);
  return {
    pending: known.filter(({ publishTimeMs }) => publishTimeMs >= timeMs),
    acked: known.filter(({ publishTimeMs }) => publishTimeMs < timeMs),
  };
}

/** The backlog after a seek to a snapshot: exactly the snapshot's messages are unacknowledged. */
export function seekToSnapshot(
  current: BacklogContents,
  messages: readonly StoredMessage[],
): BacklogContents {
  const kept = new Set(messages.map(({ id }) => id));
  return {
    pending: union(messages),
    acked: union(current.pending, current.acked).filter(({ id }) => !kept.has(id)),
  };
}

function union(...lists: readonly (readonly StoredMessage[])[]): StoredMessage[] {
  const byId = new Map(lists.flat().map((message) => [message.id, message]));
  return [...byId.values()].sort((a, b) => a.id - b.id);
}
