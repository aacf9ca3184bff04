package io.pipeline.dataflow.model;

import com.google.protobuf.ByteString;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * One Pub/Sub message as published.
 *
 * @param pubsubId the message id assigned by Pub/Sub
 * @param messageId the id of the event: {@code pubsubId}, or for a replay the original's id
 * @param publishTimeMs publish time of the event, milliseconds since 1970: {@code deliveredMs}, or
 *     for a replay the original's
 * @param deliveredMs publish time of this message at Beam's precision; waits are counted from it
 * @param attributes sorted by name
 * @param isReplay true if read from the replay subscription
 * @param data at most 10 MB. Source: Pub/Sub quotas, read 2026-11-23
 */
public record Envelope(
    String pubsubId,
    String messageId,
    long publishTimeMs,
    long deliveredMs,
    Map<String, String> attributes,
    ByteString data,
    boolean isReplay) {

  /** Copies the attributes. */
  public Envelope {
    attributes = Collections.unmodifiableMap(new TreeMap<>(attributes));
  }

  /** RFC 3339 in UTC, for example {@code 2026-11-23T02:05:00.123Z}. */
  public String publishTime() {
    return Instant.ofEpochMilli(publishTimeMs).toString();
  }

  /** RFC 3339 in UTC. */
  public String deliveredTime() {
    return Instant.ofEpochMilli(deliveredMs).toString();
  }
}
