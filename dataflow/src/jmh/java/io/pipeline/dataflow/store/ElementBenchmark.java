package io.pipeline.dataflow.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.api.services.bigquery.model.TableRow;
import com.google.cloud.bigquery.storage.v1.TableFieldSchema;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors;
import io.pipeline.dataflow.json.Event;
import io.pipeline.dataflow.json.EventDecoder;
import io.pipeline.dataflow.json.EventMatcher;
import io.pipeline.dataflow.json.EventTypeSources;
import io.pipeline.dataflow.schema.BuiltRow;
import io.pipeline.dataflow.schema.Column;
import io.pipeline.dataflow.schema.ColumnMode;
import io.pipeline.dataflow.schema.ColumnType;
import io.pipeline.dataflow.schema.CompiledSchema;
import io.pipeline.dataflow.schema.FitOptions;
import io.pipeline.dataflow.schema.Fitted;
import io.pipeline.dataflow.schema.Fitter;
import io.pipeline.dataflow.schema.MessageMeta;
import io.pipeline.dataflow.schema.RowBuilder;
import io.pipeline.dataflow.schema.RowMatch;
import io.pipeline.dataflow.schema.SampleEvents;
import io.pipeline.dataflow.schema.TableSchema;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.io.gcp.bigquery.TableRowJsonCoder;
import org.apache.beam.sdk.io.gcp.bigquery.TableRowToStorageApiProto;
import org.apache.beam.sdk.io.gcp.pubsub.PubsubMessage;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Cost of one event on one core, from its bytes to the append's proto, compared with two peers. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(2)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
public class ElementBenchmark {
  private static final int EVENTS = 256;
  private static final Instant PUBLISHED = Instant.parse("2024-01-15T10:30:00.123Z");
  private static final Instant INGESTED = Instant.parse("2024-01-15T10:30:01Z");

  /** The kind of event. */
  @Param({"order", "inventory", "user_activity", "wide", "deep"})
  public String kind;

  private final ObjectMapper mapper = new ObjectMapper();
  private final RowEncoder encoder = new RowEncoder();
  private final Coder<TableRow> tableRows = TableRowJsonCoder.of();
  private List<byte[]> events;
  private CompiledSchema compiled;
  private TableRowToStorageApiProto.SchemaInformation information;
  private Descriptors.Descriptor descriptor;
  private EventMatcher matcher;
  private int next;

  /** Makes the events and their table. */
  @Setup
  public void setUp() throws Descriptors.DescriptorValidationException {
    events = SampleEvents.make(kind, EVENTS);
    TableSchema table = SampleEvents.tableOf(events);
    compiled = CompiledSchema.compile(table);
    RowMatch match = new RowMatch();
    matcher = (eventType, data) -> match.match(data, compiled);
    var proto = com.google.cloud.bigquery.storage.v1.TableSchema.newBuilder();
    table.columns().forEach(column -> proto.addFields(protoOf(column)));
    information = TableRowToStorageApiProto.SchemaInformation.fromTableSchema(proto.build());
    descriptor = TableRowToStorageApiProto.getDescriptorFromTableSchema(proto.build(), true, false);
  }

  private static TableFieldSchema protoOf(Column column) {
    var field =
        TableFieldSchema.newBuilder()
            .setName(column.name())
            .setType(TableFieldSchema.Type.valueOf(protoType(column.type())))
            .setMode(
                column.mode() == ColumnMode.REPEATED
                    ? TableFieldSchema.Mode.REPEATED
                    : TableFieldSchema.Mode.NULLABLE);
    column.columns().forEach(child -> field.addFields(protoOf(child)));
    return field.build();
  }

  private static String protoType(ColumnType type) {
    return switch (type) {
      case RECORD -> "STRUCT";
      case FLOAT64 -> "DOUBLE";
      default -> type.toString();
    };
  }

  private byte[] nextEvent(ElementCost cost) {
    cost.operations++;
    next = (next + 1) % EVENTS;
    return events.get(next);
  }

  /** The path of the job: decode, fit, build the row, encode it. */
  @Benchmark
  public ByteString decodeFitEncode(ElementCost cost) {
    return encode(
        EventDecoder.decode(nextEvent(cost), Map.of(), EventTypeSources.DEFAULT, matcher).event());
  }

  /** The same for an event that no matcher knows: by its tree. */
  @Benchmark
  public ByteString parseFitEncode(ElementCost cost) {
    return encode(EventDecoder.decode(nextEvent(cost), Map.of()).event());
  }

  private ByteString encode(Event event) {
    Fitted fitted = Fitter.fit(event, compiled, FitOptions.LIST_PENDING);
    BuiltRow built =
        RowBuilder.build(new MessageMeta("1234567890123456", PUBLISHED), event, fitted, INGESTED);
    return encoder.encode(built.row());
  }

  /** Its first step alone. */
  @Benchmark
  public Event decode(ElementCost cost) {
    return EventDecoder.decode(nextEvent(cost), Map.of()).event();
  }

  /** Its first two steps. */
  @Benchmark
  public Fitted decodeFit(ElementCost cost) {
    Event event = EventDecoder.decode(nextEvent(cost), Map.of()).event();
    return Fitter.fit(event, compiled, FitOptions.LIST_PENDING);
  }

  /** Jackson's tree only: no check, no schema, no row. */
  @Benchmark
  public JsonNode jacksonTree(ElementCost cost) throws IOException {
    return mapper.readTree(nextEvent(cost));
  }

  /** The first step of Beam's path: the payload of a Pub/Sub message to a TableRow. */
  @Benchmark
  public TableRow messageToTableRow(ElementCost cost) throws IOException {
    return tableRow(nextMessage(cost));
  }

  /**
   * The path of Beam: a Pub/Sub message to a TableRow, as a pipeline's format function makes it,
   * and that to the message that BigQueryIO appends by the Storage Write API.
   */
  @Benchmark
  public ByteString messageToProto(ElementCost cost) throws Exception {
    TableRow row = tableRow(nextMessage(cost));
    return TableRowToStorageApiProto.messageFromTableRow(
            information, descriptor, row, false, false, null, null, -1)
        .toByteString();
  }

  private PubsubMessage nextMessage(ElementCost cost) {
    return new PubsubMessage(nextEvent(cost), Map.of(), "1234567890123456");
  }

  private TableRow tableRow(PubsubMessage message) throws IOException {
    TableRow row =
        tableRows.decode(new ByteArrayInputStream(message.getPayload()), Coder.Context.OUTER);
    row.set("_message_id", message.getMessageId());
    row.set("_publish_time", "2024-01-15T10:30:00.123Z");
    row.set("_event_type", kind);
    row.set("_ingest_time", "2024-01-15T10:30:01Z");
    row.set("_attributes", "{}");
    return row;
  }
}
