package io.pipeline.dataflow.io;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.google.protobuf.ByteString;
import io.pipeline.dataflow.model.DeadLetter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Serializes a dead letter. table-manager writes the same format, which {@code
 * test/contracts/dead-letters.json} enforces.
 */
public final class DeadLetterJson {
  /** Larger data is left out, so that every dead letter fits a Pub/Sub message of 10 MB. */
  public static final int MAX_DATA_BYTES = 6_000_000;

  private static final JsonFactory JSON = new JsonFactory();
  private static final String ARCHIVE_TABLE = "_raw_events";

  private DeadLetterJson() {}

  /** Returns one JSON object in UTF-8. */
  public static byte[] toBytes(DeadLetter letter, String service, String serviceVersion) {
    ByteString data = letter.data();
    boolean isLeftOut = data.size() > MAX_DATA_BYTES;
    ByteArrayOutputStream bytes =
        new ByteArrayOutputStream(isLeftOut ? 1024 : data.size() * 4 / 3 + 1024);
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      writeText(json, "reason", letter.reason());
      writeText(json, "stage", letter.stage());
      writeText(json, "detail", letter.detail());
      writeText(json, "event_type", eventTypeOf(letter));
      writeText(json, "table", letter.table());
      writeText(json, "message_id", letter.messageId());
      writeText(json, "publish_time", letter.publishTime());
      writeAttributes(json, letter.attributes());
      if (isLeftOut) {
        json.writeNullField("data");
      } else {
        json.writeBinaryField("data", data.toByteArray());
      }
      writeText(json, "data_in", isLeftOut && letter.messageId() != null ? ARCHIVE_TABLE : null);
      json.writeNumberField("attempt", 1);
      writeText(json, "service", service);
      writeText(json, "service_version", serviceVersion);
      json.writeEndObject();
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return bytes.toByteArray();
  }

  /** Falls back to the attribute, so that groups of dead letters say whose they are. */
  private static @Nullable String eventTypeOf(DeadLetter letter) {
    if (letter.eventType() != null || letter.attributes() == null) {
      return letter.eventType();
    }
    String attribute = letter.attributes().get("event_type");
    return attribute == null || attribute.isEmpty() ? null : attribute;
  }

  private static void writeText(JsonGenerator json, String name, @Nullable String value)
      throws IOException {
    if (value == null) {
      json.writeNullField(name);
    } else {
      json.writeStringField(name, value);
    }
  }

  private static void writeAttributes(JsonGenerator json, @Nullable Map<String, String> attributes)
      throws IOException {
    if (attributes == null) {
      json.writeNullField("attributes");
      return;
    }
    json.writeObjectFieldStart("attributes");
    for (Map.Entry<String, String> attribute : attributes.entrySet()) {
      json.writeStringField(attribute.getKey(), attribute.getValue());
    }
    json.writeEndObject();
  }
}
