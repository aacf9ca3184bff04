package io.pipeline.dataflow.schema;

import io.pipeline.dataflow.json.Event;
import io.pipeline.dataflow.json.JsonNode;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Walks an event's tree along a schema and applies every rule to every value. */
final class FitTree {
  private static final Place.Outcome ROW = Place.Outcome.ROW;

  private final CompiledSchema schema;
  private final boolean pendingToOverflow;
  private final Event event;
  private final InferShape inference;

  /** Null until something overflows or is pending, which is rare. */
  private OverflowList overflow;

  private PendingChanges pending;

  /** Counted at the first key without a column; null if the event cannot reach the limit. */
  private EventColumns eventColumns;

  private boolean areColumnsCounted;
  private JsonNode.Obj root;

  /** Number of pending leaves so far. */
  private int waiting;

  FitTree(Event event, CompiledSchema schema, boolean pendingToOverflow) {
    this.event = event;
    this.schema = schema;
    this.pendingToOverflow = pendingToOverflow;
    this.inference = new InferShape(schema.limits());
  }

  /** Returns null if the walk needs a tree with source positions. */
  Fitted fit(JsonNode.Obj root) {
    this.root = root;
    RowRecord row = fitMembers(root, schema.root(), Place.ROOT, true);
    boolean hasOverflow = overflow != null;
    if (hasOverflow && overflow.needsSource()) {
      return null;
    }
    return new Fitted(
        row,
        null,
        hasOverflow ? overflow.entries() : List.of(),
        pending == null ? List.of() : pending.list(),
        hasOverflow && overflow.isTruncated(),
        hasOverflow ? overflow.spelling() : 0,
        schema);
  }

  /** {@code isThere}: the row has this record even if it is empty. */
  private RowRecord fitMembers(
      JsonNode.Obj object, CompiledRecord record, Place place, boolean isThere) {
    RowRecord row = new RowRecord(record, object.size());
    int waitingBefore = waiting;
    Set<CompiledColumn> awaited = null;
    int next = 0;
    for (int i = 0; i < object.size(); i++) {
      JsonNode value = object.value(i);
      if (value.kind() == JsonNode.Kind.NULL) {
        continue;
      }
      String key = object.key(i);
      CompiledColumn column = record.columnOfKey(key, next);
      if (column == null) {
        fitNewKey(value, key, record, place);
        continue;
      }
      next = column.index + 1;
      int waitingForIt = waiting;
      Object fitted = fitValue(value, column, place, key);
      if (fitted != null) {
        row.set(column.index, fitted);
      } else if (waiting > waitingForIt && record.required.length > 0) {
        awaited = awaited == null ? new HashSet<>() : awaited;
        awaited.add(column);
      }
    }
    if (record.required.length > 0 && (isThere || waiting > waitingBefore || !row.isEmpty())) {
      relaxMissing(row, awaited, place);
    }
    return row;
  }

  /**
   * A present record must have its REQUIRED fields, now or once its pending changes are applied.
   * Relaxes each REQUIRED column for which the event has no value.
   */
  private void relaxMissing(RowRecord row, Set<CompiledColumn> awaited, Place place) {
    for (CompiledColumn column : row.record().required) {
      boolean isMissing =
          row.value(column.index) == null && (awaited == null || !awaited.contains(column));
      if (isMissing) {
        pending().relax(column, place);
      }
    }
  }

  /**
   * Handles a key without a column: infers a candidate and fits the value to it, so that each leaf
   * gets an outcome.
   */
  private void fitNewKey(JsonNode node, String key, CompiledRecord record, Place parent) {
    if (!node.hasScalar()) {
      return;
    }
    Place place = parent.member(key);
    int depth = record.depth + 1;
    Shape seen = inference.infer(node, depth);
    Place.Outcome outcome = outcomeOfNew(key, record, place);
    boolean isCounted = outcome != Place.Outcome.CLOSED && Shape.usablePart(seen) != null;
    Shape wanted = isCounted ? admitted(seen, place) : seen;
    if (Shape.usablePart(wanted) == null && Shape.usablePart(seen) != null) {
      outcome = Place.Outcome.CLOSED;
      wanted = seen;
    }
    Shape shape = Shape.usablePart(wanted);
    if (wanted != null && outcome == Place.Outcome.PENDING && place.outcome() == ROW) {
      pending().add(record, place, wanted);
    }
    boolean isAmbiguous = record.depth > 0 && isIndex(key) && isContainer(node);
    if (shape == null) {
      if (isAmbiguous) {
        overflow(node, unusableReason(node), place);
      } else {
        overflowUnusable(node, place, depth);
      }
      return;
    }
    if (isAmbiguous) {
      withhold(node, place.withOutcome(outcome));
      return;
    }
    CompiledColumn candidate =
        new RecordCompiler(schema.limits()).compileShape(key, shape, 0, depth);
    fitValue(node, candidate, parent.withOutcome(outcome), key);
  }

  /** Returns the part of a candidate that the event may still add, or null. */
  private Shape admitted(Shape seen, Place place) {
    if (!areColumnsCounted) {
      areColumnsCounted = true;
      eventColumns = EventColumns.of(root, schema, inference);
    }
    return eventColumns == null ? seen : eventColumns.admitted(seen, place);
  }

  private Place.Outcome outcomeOfNew(String key, CompiledRecord record, Place place) {
    ChangeVerb verb = record.newColumns;
    boolean isRefused =
        place.outcome() == Place.Outcome.CLOSED || schema.isClosed() || verb == ChangeVerb.OVERFLOW;
    if (isRefused || isFull(record, key)) {
      return Place.Outcome.CLOSED;
    }
    return place.outcome() == Place.Outcome.APPROVAL || verb == ChangeVerb.APPROVE
        ? Place.Outcome.APPROVAL
        : Place.Outcome.PENDING;
  }

  private boolean isFull(CompiledRecord record, String key) {
    if (record.isClosed) {
      return true;
    }
    if (record.depth == 0 || pending == null) {
      return false;
    }
    if (pending.isWanted(record, key)) {
      return false;
    }
    int children = record.size() + pending.countNew(record);
    int dataKeys = record.dataChildCount + pending.countNewDataKeys(record);
    return children >= schema.limits().maxRecordChildren()
        || DataKeys.areDataChildren(children, dataKeys);
  }

  /**
   * Returns the row's value, or null. {@code parent} and {@code key} locate the value; a {@link
   * Place} is created only if it is reported.
   */
  private Object fitValue(JsonNode node, CompiledColumn column, Place parent, String key) {
    if (!node.hasScalar()) {
      return fitEmpty(node, column, parent, key);
    }
    if (column.record != null) {
      return fitRecordColumn(node, column, parent, key);
    }
    if (!column.isRepeated) {
      return settle(FitScalar.fit(node, column), node, column, parent, key);
    }
    if (node instanceof JsonNode.Array array) {
      return settle(FitScalar.fitArray(array, column), node, column, parent, key);
    }
    conflict(node, parent.member(key));
    return null;
  }

  /**
   * A value without a scalar has no content, but the elements of an array of records keep their
   * indexes.
   */
  private Object fitEmpty(JsonNode node, CompiledColumn column, Place parent, String key) {
    if (column.record == null
        || !column.isRepeated
        || !(node instanceof JsonNode.Array array)
        || array.size() == 0) {
      return null;
    }
    return fitRecords(array, column.record, parent.member(key));
  }

  private Object fitRecordColumn(JsonNode node, CompiledColumn column, Place parent, String key) {
    Place place = parent.member(key);
    if (column.isRepeated && node instanceof JsonNode.Array array) {
      return fitRecords(array, column.record, place);
    }
    if (!column.isRepeated && node instanceof JsonNode.Obj object) {
      if (place.outcome() != ROW && hasIndexKey(object)) {
        withhold(object, place);
        return null;
      }
      RowRecord fitted = fitMembers(object, column.record, place, false);
      return fitted.isEmpty() ? null : fitted;
    }
    conflict(node, place);
    return null;
  }

  private Object fitRecords(JsonNode.Array array, CompiledRecord record, Place place) {
    if (place.outcome() != ROW && hasIndexKeyInElement(array)) {
      withhold(array, place);
      return null;
    }
    Object[] rows = new Object[array.size()];
    for (int i = 0; i < rows.length; i++) {
      JsonNode element = array.get(i);
      Place at = place.element(i);
      if (element instanceof JsonNode.Obj object && element.hasScalar()) {
        rows[i] = fitMembers(object, record, at, true);
        continue;
      }
      if (element.hasScalar()) {
        conflict(element, at);
      }
      RowRecord empty = new RowRecord(record, 0);
      relaxMissing(empty, null, at);
      rows[i] = empty;
    }
    return place.outcome() == ROW ? rows : null;
  }

  /**
   * Sends a value without a column to the overflow whole, because the pointers of its leaves could
   * be read in two ways: a key that looks like an array index would be read as one.
   */
  private void withhold(JsonNode node, Place place) {
    if (!node.isUnicode()) {
      if (place.outcome() == Place.Outcome.PENDING) {
        // The rest of the value gets its column, so the record around it will have a value.
        waiting++;
      }
      overflow(node, OverflowReason.NOT_UNICODE, place);
    } else if (place.outcome() == Place.Outcome.CLOSED) {
      overflow(node, OverflowReason.SCHEMA_CLOSED, place);
    } else if (place.outcome() == Place.Outcome.APPROVAL) {
      overflow(node, OverflowReason.AWAITING_APPROVAL, place);
    } else {
      waiting++;
      if (pendingToOverflow) {
        overflow(node, OverflowReason.AWAITING_COLUMN, place);
      }
    }
  }

  /** True if a key with a scalar below it looks like an array index in a JSON pointer. */
  private static boolean hasIndexKey(JsonNode.Obj object) {
    for (int i = 0; i < object.size(); i++) {
      if (object.value(i).hasScalar() && isIndex(object.key(i))) {
        return true;
      }
    }
    return false;
  }

  private static boolean hasIndexKeyInElement(JsonNode.Array array) {
    for (int i = 0; i < array.size(); i++) {
      if (array.get(i) instanceof JsonNode.Obj object && hasIndexKey(object)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isContainer(JsonNode node) {
    return node instanceof JsonNode.Obj || node instanceof JsonNode.Array;
  }

  private static OverflowReason unusableReason(JsonNode node) {
    return node.isUnicode() ? OverflowReason.NUMBER_NOT_REPRESENTABLE : OverflowReason.NOT_UNICODE;
  }

  private static boolean isIndex(String key) {
    if (key.isEmpty() || (key.charAt(0) == '0' && key.length() > 1)) {
      return false;
    }
    for (int i = 0; i < key.length(); i++) {
      if (!Ascii.isDigit(key.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  /** Chooses between row, pending and overflow for a leaf that was compared with its column. */
  private Object settle(
      Object fit, JsonNode node, CompiledColumn column, Place parent, String key) {
    FitScalar.Refusal refusal = fit instanceof FitScalar.Refusal refused ? refused : null;
    if (refusal == null && parent.outcome() == ROW) {
      return fit;
    }
    Place place = parent.member(key);
    boolean isClosed = place.outcome() == Place.Outcome.CLOSED;
    boolean isWider = refusal != null && refusal.to != null;
    boolean isNever = refusal != null && refusal.to == null;
    if (isNever && (!isClosed || refusal == FitScalar.Refusal.NOT_UNICODE)) {
      overflow(node, refusal.reason, place);
    } else if (isClosed || (isWider && isWideningRefused(column))) {
      overflow(node, OverflowReason.SCHEMA_CLOSED, place);
    } else if (isWider && !column.canWiden) {
      overflow(node, OverflowReason.NOT_WIDENABLE, place);
    } else if (place.outcome() == Place.Outcome.APPROVAL
        || (isWider && column.typeChanges == ChangeVerb.APPROVE)) {
      overflow(node, OverflowReason.AWAITING_APPROVAL, place);
    } else {
      waiting++;
      if (isWider) {
        pending().widen(column, place, refusal.to);
      }
      if (pendingToOverflow) {
        overflow(node, OverflowReason.AWAITING_COLUMN, place);
      }
    }
    return null;
  }

  private boolean isWideningRefused(CompiledColumn column) {
    return schema.isClosed() || column.typeChanges == ChangeVerb.OVERFLOW;
  }

  /**
   * Sends a new value that no column can hold to the overflow: whole if it would have been one
   * leaf, else leaf by leaf.
   */
  private void overflowUnusable(JsonNode node, Place place, int depth) {
    if (!node.hasScalar()) {
      return;
    }
    if (node instanceof JsonNode.Obj object
        && !inference.isJsonObject(object, depth)
        && !hasIndexKey(object)) {
      for (int i = 0; i < object.size(); i++) {
        overflowUnusable(object.value(i), place.member(object.key(i)), depth + 1);
      }
    } else if (node instanceof JsonNode.Array array
        && inference.isRecordArray(array, depth)
        && !hasIndexKeyInElement(array)) {
      for (int i = 0; i < array.size(); i++) {
        overflowUnusable(array.get(i), place.element(i), depth);
      }
    } else {
      overflow(node, unusableReason(node), place);
    }
  }

  private void conflict(JsonNode node, Place place) {
    overflow(
        node, node.isUnicode() ? OverflowReason.TYPE_CONFLICT : OverflowReason.NOT_UNICODE, place);
  }

  private void overflow(JsonNode node, OverflowReason reason, Place place) {
    if (overflow == null) {
      overflow = new OverflowList(event, schema.limits());
    }
    overflow.add(node, reason, place);
  }

  private PendingChanges pending() {
    if (pending == null) {
      pending = new PendingChanges();
    }
    return pending;
  }
}
