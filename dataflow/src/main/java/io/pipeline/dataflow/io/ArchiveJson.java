package io.pipeline.dataflow.io;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.pipeline.dataflow.model.Envelope;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Map;

/**
 * Formats one line of the archive: the message with its envelope, in the columns of {@code
 * _raw_events}, so that {@code bq load --source_format=NEWLINE_DELIMITED_JSON} loads the files
 * unchanged.
 *
 * <p>Shape: {@code
 * {"subscription_name":"projects/…","message_id":"1","publish_time":"2026-11-23T02:05:00Z",
 * "data":"<base64>","attributes":{"k":"v"}}}. A replay keeps its own message id and publish time
 * here; its attributes carry the original's.
 */
public final class ArchiveJson {
  private static final JsonFactory JSON = new JsonFactory();

  private ArchiveJson() {}

  /** Returns the line without its line break. */
  public static String toLine(Envelope envelope, String subscription) {
    StringWriter line = new StringWriter(envelope.data().size() * 4 / 3 + 256);
    try (JsonGenerator json = JSON.createGenerator(line)) {
      json.writeStartObject();
      json.writeStringField("subscription_name", subscription);
      json.writeStringField("message_id", envelope.pubsubId());
      json.writeStringField("publish_time", envelope.deliveredTime());
      json.writeBinaryField("data", envelope.data().toByteArray());
      json.writeObjectFieldStart("attributes");
      for (Map.Entry<String, String> attribute : envelope.attributes().entrySet()) {
        json.writeStringField(attribute.getKey(), attribute.getValue());
      }
      json.writeEndObject();
      json.writeEndObject();
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return line.toString();
  }
}
