package io.pipeline.dataflow.pipeline;

import io.pipeline.dataflow.io.WorkerStore;
import io.pipeline.dataflow.model.DeadLetter;
import io.pipeline.dataflow.model.Envelope;
import io.pipeline.dataflow.options.JobSettings;
import io.pipeline.dataflow.store.StoreProvider;
import io.pipeline.dataflow.transform.ArchiveMessages;
import io.pipeline.dataflow.transform.DecodeMessages;
import io.pipeline.dataflow.transform.HoldEvents;
import io.pipeline.dataflow.transform.StoreEvents;
import io.pipeline.dataflow.transform.ToDeadLetterMessages;
import io.pipeline.dataflow.transform.ToEnvelopes;
import java.util.UUID;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.io.gcp.pubsub.PubsubIO;
import org.apache.beam.sdk.io.gcp.pubsub.PubsubMessage;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PCollectionTuple;

/**
 * The steps of the job and their connections. Dataflow matches the state of a step by its name
 * during an update in place, so that a changed name loses the events it held.
 */
public final class EventGraph {
  static final String READ_EVENTS = "ReadEvents";
  static final String READ_REPLAYS = "ReadReplays";
  static final String TAKE_EVENTS = "TakeEvents";
  static final String TAKE_REPLAYS = "TakeReplays";
  static final String ALL_MESSAGES = "AllMessages";
  static final String DECODE = "DecodeMessages";
  static final String ARCHIVE = "ArchiveMessages";
  static final String STORE = "StoreEvents";
  static final String HOLD = "HoldEvents";
  static final String ALL_DEAD_LETTERS = "AllDeadLetters";
  static final String WRITE_DEAD_LETTERS = "WriteDeadLetters";
  static final String PUBLISH_DEAD_LETTERS = "PublishDeadLetters";

  /**
   * A dead letter has up to 8.2 MB (6 MB of data as base64, and attributes), more than Beam's
   * default of 7.5 MB; a request may have 10 MB. Source: Pub/Sub quotas, read 2026-11-23.
   */
  private static final int MAX_PUBLISH_BYTES = 9_000_000;

  private EventGraph() {}

  /** Builds the whole job: two subscriptions to tables, files and the dead-letter topic. */
  public static void build(Pipeline pipeline, JobSettings settings) {
    PCollection<PubsubMessage> events =
        pipeline.apply(READ_EVENTS, subscription(settings.inputSubscription()));
    PCollection<PubsubMessage> replays =
        pipeline.apply(READ_REPLAYS, subscription(settings.replaySubscription()));
    join(events, replays, settings, new WorkerStore(settings))
        .apply(
            PUBLISH_DEAD_LETTERS,
            PubsubIO.writeMessages()
                .to(settings.deadLetterTopic())
                .withMaxBatchBytesSize(MAX_PUBLISH_BYTES));
  }

  /** Builds everything between reading and publishing. Tests use it directly. */
  static PCollection<PubsubMessage> join(
      PCollection<PubsubMessage> events,
      PCollection<PubsubMessage> replays,
      JobSettings settings,
      StoreProvider store) {
    PCollection<Envelope> messages =
        PCollectionList.of(events.apply(TAKE_EVENTS, ToEnvelopes.ofEvents()))
            .and(replays.apply(TAKE_REPLAYS, ToEnvelopes.ofReplays()))
            .apply(ALL_MESSAGES, Flatten.pCollections());
    PCollectionTuple decoded =
        messages.apply(
            DECODE, new DecodeMessages(settings.eventRoutes(), settings.eventTypeFrom(), store));
    // Archive before HoldEvents: held elements hold back the watermark of every later step.
    decoded
        .get(DecodeMessages.COPIES)
        .apply(ARCHIVE, new ArchiveMessages(settings, UUID.randomUUID().toString()));
    PCollectionTuple stored =
        decoded.get(DecodeMessages.ROUTED).apply(STORE, new StoreEvents(store));
    PCollection<DeadLetter> given =
        stored.get(StoreEvents.HELD).apply(HOLD, new HoldEvents(store, settings));
    return PCollectionList.of(decoded.get(DecodeMessages.REJECTED))
        .and(stored.get(StoreEvents.DEAD))
        .and(given)
        .apply(ALL_DEAD_LETTERS, Flatten.pCollections())
        .apply(WRITE_DEAD_LETTERS, new ToDeadLetterMessages(settings.serviceVersion()));
  }

  /**
   * Uses the publish time as element timestamp; a timestamp attribute could be set by any
   * publisher.
   */
  private static PubsubIO.Read<PubsubMessage> subscription(String name) {
    return PubsubIO.readMessagesWithAttributesAndMessageId().fromSubscription(name);
  }
}
