/**
 * Decodes bytes into events: strict UTF-8, one JSON object, every number literal kept.
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
 * <p>Uses only the streaming parser of Jackson, which keeps the literal of a number; its trees
 * convert numbers to double or BigDecimal.
 */
package io.pipeline.dataflow.json;
