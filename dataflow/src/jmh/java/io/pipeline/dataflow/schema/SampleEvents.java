package io.pipeline.dataflow.schema;

import io.pipeline.dataflow.json.Event;
import io.pipeline.dataflow.json.EventDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Events as bytes, the same on every run, and the table that they make: the kinds of
 * bench/inference.
 */
public final class SampleEvents {
  private static final int PARK_MILLER_FACTOR = 48_271;
  private static final int PARK_MILLER_MODULUS = 2_147_483_647;

  private long state = 20_240_115;

  private SampleEvents() {}

  /** {@code count} different events: order, inventory, user_activity, wide or deep. */
  public static List<byte[]> make(String kind, int count) {
    SampleEvents random = new SampleEvents();
    List<byte[]> events = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      events.add(random.event(kind).getBytes(StandardCharsets.UTF_8));
    }
    return events;
  }

  /** The table after the plan of these events. */
  public static TableSchema tableOf(List<byte[]> events) {
    TableSchema empty = Vectors.schema(null);
    CompiledSchema compiled = CompiledSchema.compile(empty);
    List<List<SchemaChange>> pending = new ArrayList<>();
    for (byte[] data : events) {
      Event event = EventDecoder.decode(data, Map.of()).event();
      pending.add(Fitter.fit(event, compiled, FitOptions.LIST_PENDING).pending());
    }
    return SchemaPlan.of(empty, pending).schema();
  }

  private String event(String kind) {
    return switch (kind) {
      case "order" -> order();
      case "inventory" -> inventory();
      case "user_activity" -> userActivity();
      case "wide" -> wide();
      case "deep" -> deep();
      default -> throw new IllegalArgumentException(kind);
    };
  }

  private int below(int bound) {
    state = state * PARK_MILLER_FACTOR % PARK_MILLER_MODULUS;
    return (int) (state % bound);
  }

  private String pick(String... words) {
    return words[below(words.length)];
  }

  private String day() {
    return "2024-%02d-%02d".formatted(1 + below(12), 1 + below(28));
  }

  private String context() {
    return "%sT%02d:%02d:%02dZ".formatted(day(), below(24), below(60), below(60));
  }

  private String money() {
    return String.valueOf((1 + below(100_000)) / 100.0);
  }

  private static String list(int count, IntFunction<String> element) {
    return IntStream.range(0, count).mapToObj(element).collect(Collectors.joining(",", "[", "]"));
  }

  private String order() {
    String items =
        list(
            1 + below(4),
            i ->
                """
                {"product_id":"prod-%d","product_name":"%s %s","quantity":%d,"unit_price":%s}\
                """
                    .formatted(
                        below(1_000),
                        pick("Sleek", "Rustic", "Small"),
                        pick("chair", "lamp", "table"),
                        1 + below(5),
                        money()));
    return """
    {"event_type":"order","order_id":"order-%d","customer_id":"customer-%d","order_date":"%s",\
    "status":"%s","items":%s,"total_amount":%s,"currency":"%s","event_date":"%s"}\
    """
        .formatted(
            below(1_000_000),
            below(100_000),
            context(),
            pick("pending", "paid", "shipped", "delivered"),
            items,
            money(),
            pick("USD", "EUR", "GBP"),
            day());
  }

  private String inventory() {
    return """
    {"event_type":"inventory","inventory_id":"inv-%d","product_id":"prod-%d","quantity_change":%d,\
    "warehouse_id":"%s","reason":"%s","timestamp":"%s","event_date":"%s"}\
    """
        .formatted(
            below(1_000_000),
            below(1_000),
            below(200) - 100,
            pick("wh-us-central", "wh-eu-west", "wh-asia-east"),
            pick("sale", "restock", "return", "damage"),
            context(),
            day());
  }

  private String userActivity() {
    return """
    {"event_type":"user_activity","user_id":"user-%d","session_id":"sess-%d","activity_type":"%s",\
    "page_url":"/products/prod-%d","timestamp":"%s","event_date":"%s"}\
    """
        .formatted(
            below(100_000),
            below(1_000_000),
            pick("page_view", "click", "search", "login"),
            below(1_000),
            context(),
            day());
  }

  /** 200 fields of every scalar type. */
  private String wide() {
    String fields =
        IntStream.range(0, 40)
            .mapToObj(
                i ->
                    """
                    "name_%1$d":"value %2$d of a text of usual length","count_%1$d":%3$d,\
                    "price_%1$d":%4$s,"active_%1$d":%5$b,"seen_at_%1$d":"%6$s"\
                    """
                        .formatted(
                            i, below(10_000), below(1_000_000), money(), below(2) == 1, context()))
            .collect(Collectors.joining(","));
    return "{\"event_type\":\"wide\",%s}".formatted(fields);
  }

  /** About 8 KB: records in arrays of records in arrays of records. */
  private String deep() {
    String gateways =
        list(
            3,
            i ->
                "{\"gateway_id\":\"gw-%d\",\"devices\":%s,\"uptime_s\":%d}"
                    .formatted(below(1_000), list(4, j -> device()), below(1_000_000)));
    return "{\"event_type\":\"deep\",\"report_id\":\"rep-%d\",\"gateways\":%s}"
        .formatted(below(1_000_000), gateways);
  }

  private String device() {
    String readings =
        list(
            7,
            i ->
                "{\"at\":\"%s\",\"value\":%s,\"unit\":\"%s\",\"ok\":%b}"
                    .formatted(context(), money(), pick("C", "hPa", "%"), below(9) > 0));
    return """
    {"device_id":"dev-%d","location":{"site":"site-%d","floor":%d,"point":{"x":%s,"y":%s}},\
    "readings":%s,"tags":["indoor","calibrated","batch-%d"]}\
    """
        .formatted(below(100_000), below(50), below(9), money(), money(), readings, below(100));
  }
}
