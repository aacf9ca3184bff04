package io.pipeline.dataflow.store;

import com.google.cloud.bigquery.storage.v1.ProtoRows;
import com.google.cloud.bigquery.storage.v1.ProtoSchema;
import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import io.pipeline.dataflow.options.JobSettings;
import io.pipeline.dataflow.schema.Column;
import io.pipeline.dataflow.schema.ColumnMode;
import io.pipeline.dataflow.schema.ColumnType;
import io.pipeline.dataflow.schema.NewTables;
import io.pipeline.dataflow.schema.PipelineColumn;
import io.pipeline.dataflow.schema.TableSchema;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * In-memory tables that behave like BigQuery: a table and its columns can be read at once, but its
 * writers may not know them yet. Rows are decoded by the schema they were sent with.
 */
public final class FakeWarehouse implements TableReader, RowSink {
  private static final Map<String, FakeWarehouse> ALL = new ConcurrentHashMap<>();

  /** A stored row: the columns that have a value, records as maps, REPEATED as lists. */
  public record StoredRow(String table, Map<String, Object> values) {}

  private final String id = UUID.randomUUID().toString();
  private final Map<String, TableSchema> tables = new ConcurrentHashMap<>();
  private final Map<String, TableSchema> knownToWriters = new ConcurrentHashMap<>();
  private final List<StoredRow> rows = Collections.synchronizedList(new ArrayList<>());
  private final List<String> calls = Collections.synchronizedList(new ArrayList<>());
  private final Deque<AppendAnswer> answers = new ArrayDeque<>();
  private final Set<String> unreadable = ConcurrentHashMap.newKeySet();
  private volatile boolean isReadable = true;

  public FakeWarehouse() {
    ALL.put(id, this);
  }

  /** A table with the pipeline's columns and these. */
  public static TableSchema schema(Column... columns) {
    List<Column> all = new ArrayList<>();
    for (PipelineColumn own : PipelineColumn.values()) {
      all.add(new Column(own.columnName(), own.type(), own.mode(), "", List.of()));
    }
    all.addAll(List.of(columns));
    return new TableSchema(all, false);
  }

  public static Column column(String name, ColumnType type) {
    return new Column(name, type, ColumnMode.NULLABLE, "", List.of());
  }

  /** Creates or changes a table for readers and writers. */
  public FakeWarehouse put(String table, Column... columns) {
    tables.put(table, schema(columns));
    knownToWriters.put(table, schema(columns));
    return this;
  }

  /** Creates or changes a table for readers only; the writers learn it later. */
  public FakeWarehouse putForReaders(String table, Column... columns) {
    tables.put(table, schema(columns));
    return this;
  }

  public FakeWarehouse close(String table) {
    TableSchema closed = new TableSchema(tables.get(table).columns(), true);
    tables.put(table, closed);
    knownToWriters.put(table, closed);
    return this;
  }

  /** Creates or changes {@code _quarantine}; its label says whether new tables are refused. */
  public FakeWarehouse guard(boolean isOn) {
    return newTables(isOn ? NewTables.TABLE_GUARD : NewTables.CREATE);
  }

  /** Creates or changes {@code _quarantine}; its labels say what happens without a table. */
  public FakeWarehouse newTables(NewTables rule) {
    tables.put(Quarantine.NAME, new TableSchema(Quarantine.COLUMNS, false, rule));
    knownToWriters.put(Quarantine.NAME, tables.get(Quarantine.NAME));
    return this;
  }

  /** Creates {@code _quarantine} with the guard on for readers only. */
  FakeWarehouse guardForReaders() {
    tables.put(Quarantine.NAME, new TableSchema(Quarantine.COLUMNS, false, NewTables.TABLE_GUARD));
    return this;
  }

  FakeWarehouse remove(String table) {
    tables.remove(table);
    knownToWriters.remove(table);
    return this;
  }

  public FakeWarehouse readable(boolean readable) {
    isReadable = readable;
    return this;
  }

  FakeWarehouse readable(String table, boolean readable) {
    if (readable) {
      unreadable.remove(table);
    } else {
      unreadable.add(table);
    }
    return this;
  }

  /** Scripts the answers to the next appends. */
  public synchronized FakeWarehouse answer(AppendAnswer... next) {
    answers.addAll(List.of(next));
    return this;
  }

  /** Returns every row in the order of storing. */
  public List<StoredRow> rows() {
    return List.copyOf(rows);
  }

  /** Returns the message ids of a table in the order of storing. */
  public List<Object> messageIds(String table) {
    return rows().stream()
        .filter(row -> row.table().equals(table))
        .map(row -> row.values().get("_message_id"))
        .toList();
  }

  /** Returns the rows of {@code _quarantine} in the order of storing. */
  public List<Map<String, Object>> quarantined() {
    return rows().stream()
        .filter(row -> row.table().equals(Quarantine.NAME))
        .map(StoredRow::values)
        .toList();
  }

  /** Returns reads and appends in order: {@code read orders}, {@code append orders 2}. */
  public List<String> calls() {
    return List.copyOf(calls);
  }

  /** Opens a store without caching. */
  public EventStore open(JobSettings settings) {
    return new EventStore(
        settings, new SchemaCache(this, Duration.ZERO, Duration.ZERO, 100, System::nanoTime), this);
  }

  /** Returns a provider that survives serialization within this process. */
  public StoreProvider provider(JobSettings settings) {
    String key = id;
    return () -> ALL.get(key).shared(settings);
  }

  private final Map<JobSettings, EventStore> stores = new ConcurrentHashMap<>();

  private EventStore shared(JobSettings settings) {
    return stores.computeIfAbsent(settings, this::open);
  }

  @Override
  public Optional<TableSchema> read(String table) throws IOException {
    calls.add("read " + table);
    if (!isReadable || unreadable.contains(table)) {
      throw new IOException("no route to BigQuery");
    }
    return Optional.ofNullable(tables.get(table));
  }

  @Override
  public CompletableFuture<AppendAnswer> append(
      String table, String version, ProtoSchema schema, ProtoRows appended) {
    calls.add("append " + table + " " + appended.getSerializedRowsCount());
    return CompletableFuture.completedFuture(answerTo(table, schema, appended));
  }

  @Override
  public Optional<List<Column>> writerColumns(String table) {
    return Optional.ofNullable(knownToWriters.get(table)).map(TableSchema::columns);
  }

  private synchronized AppendAnswer answerTo(String table, ProtoSchema schema, ProtoRows appended) {
    AppendAnswer scripted = answers.poll();
    if (scripted != null && !(scripted instanceof AppendAnswer.Stored)) {
      return scripted;
    }
    TableSchema known = knownToWriters.get(table);
    if (known == null) {
      return new AppendAnswer.NotYet(true, "Table not found: " + table);
    }
    if (!knows(known.columns(), schema.getProtoDescriptor())) {
      return new AppendAnswer.NotYet(false, "Input schema has more fields than BigQuery schema");
    }
    for (ByteString row : appended.getSerializedRowsList()) {
      rows.add(new StoredRow(table, decode(schema, row)));
    }
    return new AppendAnswer.Stored();
  }

  private static boolean knows(List<Column> columns, DescriptorProto message) {
    for (FieldDescriptorProto field : message.getFieldList()) {
      Optional<Column> column =
          columns.stream().filter(one -> one.name().equals(field.getName())).findFirst();
      if (column.isEmpty()) {
        return false;
      }
      if (field.getType() == FieldDescriptorProto.Type.TYPE_MESSAGE
          && !knows(column.get().columns(), nested(message, field.getTypeName()))) {
        return false;
      }
    }
    return true;
  }

  private static DescriptorProto nested(DescriptorProto message, String name) {
    return message.getNestedTypeList().stream()
        .filter(type -> type.getName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static Map<String, Object> decode(ProtoSchema schema, ByteString row) {
    try {
      FileDescriptorProto file =
          FileDescriptorProto.newBuilder()
              .setName("row.proto")
              .addMessageType(schema.getProtoDescriptor())
              .build();
      Descriptor descriptor =
          FileDescriptor.buildFrom(file, new FileDescriptor[0]).getMessageTypes().get(0);
      DynamicMessage message = DynamicMessage.parseFrom(descriptor, row);
      if (!message.getUnknownFields().asMap().isEmpty()) {
        throw new IllegalStateException("The row has fields that its schema has not");
      }
      return toMap(message);
    } catch (DescriptorValidationException | InvalidProtocolBufferException broken) {
      throw new IllegalStateException(broken);
    }
  }

  private static Map<String, Object> toMap(DynamicMessage message) {
    Map<String, Object> values = new HashMap<>();
    for (Map.Entry<FieldDescriptor, Object> field : message.getAllFields().entrySet()) {
      values.put(field.getKey().getName(), toValue(field.getValue()));
    }
    return values;
  }

  private static Object toValue(Object value) {
    if (value instanceof List<?> list) {
      return list.stream().map(FakeWarehouse::toValue).toList();
    }
    return value instanceof DynamicMessage record ? toMap(record) : value;
  }
}
