/**
 * From bytes to an event: strict UTF-8, one JSON object, every number literal kept.
 *
 * <p>Plain classes without Beam, equal to the TypeScript ones on every vector of {@code
 * test/contracts}. In use:
 *
 * <pre>{@code
 * Decoded decoded = EventDecoder.decode(data, attributes);
 * if (decoded.rejection() != null) return deadLetter(decoded.rejection()); // code, detail, event type
 * Event event = decoded.event();
 * event.eventType(); // "order"
 * event.attributesJson(); // what goes to _attributes
 * }</pre>
 *
 * <p>Of Jackson only the streaming parser is used: it gives a number's literal untouched, where
 * every ready-made tree turns it into a double or a BigDecimal first.
 */
package io.pipeline.dataflow.json;
