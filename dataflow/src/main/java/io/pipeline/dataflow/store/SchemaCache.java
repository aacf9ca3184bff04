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
 * Caches the schemas of tables for all threads of a worker, to limit reads from BigQuery: one per
 * table and {@code refresh}, or one per {@code poll} while events wait for the table. Once a table
 * is known, no thread blocks on a refresh.
 */
public final class SchemaCache {
  private final TableReader reader;
  private final long refreshNanos;
  private final long pollNanos;
  private final LongSupplier nanoClock;
  private final LoadingCache<String, Entry> entries;

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

  /** Returns the cached table, at most {@code refresh} old; a missing one at most {@code poll}. */
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

  /** Returns the table, at most {@code poll} old. For events that lack something in it. */
  public TableView look(String table) {
    return entries.getUnchecked(table).readUnlessYounger(pollNanos);
  }

  /** Reads the table now, unless another thread is reading it. */
  public TableView lookAgain(String table) {
    return entries.getUnchecked(table).readUnlessYounger(0);
  }

  /** Returns the table as it was read last, whatever its age, without reading; null if unknown. */
  public @Nullable KnownTable peek(String table) {
    Entry entry = entries.getIfPresent(table);
    return entry != null && entry.view instanceof TableView.Present present
        ? present.table()
        : null;
  }

  private final class Entry {
    private final String table;
    private final ReentrantLock reading = new ReentrantLock();
    private volatile @Nullable TableView view;
    private volatile long readAtNanos;

    Entry(String table) {
      this.table = table;
    }

    /** Concurrent callers wait for the read in progress and share its result. */
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

    /** Concurrent callers continue with the cached value. */
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
        after =
            found.isEmpty()
                ? new TableView.Missing(wasKnown(before))
                : present(before, found.get());
      } catch (IOException failure) {
        // The cached table is still the best guess; an append reveals if it is wrong.
        after =
            before instanceof TableView.Present
                ? before
                : new TableView.Unreadable(String.valueOf(failure.getMessage()));
      }
      readAtNanos = nanoClock.getAsLong();
      view = after;
      return after;
    }

    private static boolean wasKnown(@Nullable TableView before) {
      return before instanceof TableView.Present
          || (before instanceof TableView.Missing missing && missing.wasKnown());
    }

    private TableView present(@Nullable TableView before, TableSchema found) {
      return before instanceof TableView.Present known
              && known.table().compiled().schema().equals(found)
          ? known
          : new TableView.Present(KnownTable.of(table, found));
    }
  }
}
