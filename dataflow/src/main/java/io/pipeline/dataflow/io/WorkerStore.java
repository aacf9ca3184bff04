package io.pipeline.dataflow.io;

import io.pipeline.dataflow.options.JobSettings;
import io.pipeline.dataflow.store.EventStore;
import io.pipeline.dataflow.store.SchemaCache;
import io.pipeline.dataflow.store.StoreProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The BigQuery store of a worker, shared by all its threads and by all steps of a job. */
public final class WorkerStore implements StoreProvider {
  private static final Map<JobSettings, EventStore> STORES = new ConcurrentHashMap<>();

  private final JobSettings settings;

  public WorkerStore(JobSettings settings) {
    this.settings = settings;
  }

  @Override
  public EventStore get() {
    return STORES.computeIfAbsent(settings, WorkerStore::open);
  }

  private static EventStore open(JobSettings settings) {
    try {
      SchemaCache schemas =
          new SchemaCache(
              new BigQueryTableReader(settings),
              settings.schemaRefresh(),
              settings.schemaPoll(),
              settings.maxTables(),
              System::nanoTime);
      return new EventStore(settings, schemas, new StorageWriteSink(settings));
    } catch (IOException failure) {
      throw new UncheckedIOException("Creating the BigQuery clients failed", failure);
    }
  }
}
