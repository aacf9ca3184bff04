package io.pipeline.dataflow.store;

import com.google.common.cache.CacheBuilder;
import com.google.common.cache.CacheLoader;
import com.google.common.cache.LoadingCache;
import io.pipeline.dataflow.schema.TableSchema;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * What this worker knows of tables, shared by all its threads, so that BigQuery sees few reads: one
 * for a table and {@code refresh}; while events wait for it, one for {@code poll}. A table that was
 * read once is never waited for again.
 */
public final class SchemaCache {
  private final TableReader reader;
  private final long refreshNanos;
  private final long pollNanos;
  private final LongSupplier nanoClock;
  private final LoadingCache<String, Entry> entries;

  /** A cache that reads through {@code reader}; the clock counts nanoseconds. */
  public SchemaCache(
      TableReader reader, Duration refresh, Duration poll, int maxTables, LongSupplier nanoClock) {
    this.reader = reader;
    this.refreshNanos = refresh.toNanos();
    this.pollNanos = poll.toNanos();
    this.nanoClock = nanoClock;
    this.entries =
        CacheBuilder.newBuilder()
            .maximumSize(maxTables)
            .build(
                new CacheLoader<>() {
                  @Override
                  public Entry load(String table) {
                    return new Entry(table);
                  }
                });
  }

  /**
   * The table as last read, at most {@code refresh} ago; one that was missing, {@code poll} ago.
   */
  public TableView get(String table) {
    Entry entry = entries.getUnchecked(table);
    TableView view = entry.view;
    if (view == null) {
      return entry.readUnlessYounger(pollNanos);
    }
    long age = nanoClock.getAsLong() - entry.readAtNanos;
    boolean isKnown = view instanceof TableView.Present;
    if (age < (isKnown ? refreshNanos : pollNanos)) {
      return view;
    }
    return isKnown ? entry.readUnlessBusy() : entry.readUnlessYounger(pollNanos);
  }

  /** The table as it was at most {@code poll} ago: for those whose event lacks something in it. */
  public TableView look(String table) {
    return entries.getUnchecked(table).readUnlessYounger(pollNanos);
  }

  /** The table, read now unless another thread does. */
  public TableView lookAgain(String table) {
    return entries.getUnchecked(table).readUnlessYounger(0);
  }

  private final class Entry {
    private final String table;
    private final ReentrantLock reading = new ReentrantLock();
    private volatile @Nullable TableView view;
    private volatile long readAtNanos;

    Entry(String table) {
      this.table = table;
    }

    /** Those who come while one reads wait for what it finds. */
    TableView readUnlessYounger(long maxAgeNanos) {
      long askedAt = nanoClock.getAsLong();
      TableView seen = view;
      if (seen != null && askedAt - readAtNanos < maxAgeNanos) {
        return seen;
      }
      reading.lock();
      try {
        TableView now = view;
        if (now != null && (readAtNanos - askedAt > 0 || askedAt - readAtNanos < maxAgeNanos)) {
          return now;
        }
        return read();
      } finally {
        reading.unlock();
      }
    }

    /** Those who come while one reads go on with what is known. */
    TableView readUnlessBusy() {
      if (reading.tryLock()) {
        try {
          return read();
        } finally {
          reading.unlock();
        }
      }
      TableView seen = view;
      return seen == null ? readUnlessYounger(pollNanos) : seen;
    }

    private TableView read() {
      TableView before = view;
      TableView after;
      try {
        Optional<TableSchema> found = reader.read(table);
        after = found.isEmpty() ? new TableView.Missing() : present(before, found.get());
      } catch (IOException failure) {
        // What was known is still the best guess: an append will show when it is wrong.
        after =
            before instanceof TableView.Present
                ? before
                : new TableView.Unreadable(String.valueOf(failure.getMessage()));
      }
      readAtNanos = nanoClock.getAsLong();
      view = after;
      return after;
    }

    private TableView present(@Nullable TableView before, TableSchema found) {
      return before instanceof TableView.Present known
              && known.table().compiled().schema().equals(found)
          ? known
          : new TableView.Present(KnownTable.of(table, found));
    }
  }
}
