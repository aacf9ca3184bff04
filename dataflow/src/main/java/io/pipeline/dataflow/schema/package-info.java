/**
 * Fits events to BigQuery tables: the outcome of every value, and the changes it needs.
 *
 * <p>Plain, immutable classes without Beam, equal to the TypeScript library on every vector of
 * {@code test/contracts}. In use:
 *
 * <pre>{@code
 * EventRouter router = new EventRouter(Map.of("order", "orders")); // Serializable
 * String table = router.route(event.eventType());
 *
 * TableSchema schema = RestTables.schemaOf(bigquery.tables().get(…).execute()); // Serializable
 * CompiledSchema compiled = CompiledSchema.compile(schema); // once per version of a table; shared by threads
 *
 * Fitted fitted = Fitter.fit(event, compiled, FitOptions.LIST_PENDING); // or PENDING_TO_OVERFLOW: pending goes to the overflow
 * fitted.pending(); // the changes that table-manager has to make
 *
 * BuiltRow built = RowBuilder.build(new MessageMeta(messageId, publishTime), event, fitted, Instant.now());
 * if (built.rejection() != null) … // TOO_LARGE
 * Row row = built.row(); // pipeline's columns as fields, the event's in row.event()
 * }</pre>
 *
 * <p>An event that matched the schema while it was decoded ({@link
 * io.pipeline.dataflow.schema.RowMatch}) has its columns written already: {@code row.written()},
 * and {@code row.event()} is null.
 *
 * <p>Any other {@code Row} is encoded without a separate schema: {@code
 * row.compiled().fieldNumber(PipelineColumn.MESSAGE_ID)}, and for each {@code i} of {@code
 * row.event().record().size()} the column {@code record().column(i)} ({@code fieldNumber()}, {@code
 * type()}, {@code isRepeated()}, {@code record()}) with {@code row.event().value(i)}, whose Java
 * type {@link io.pipeline.dataflow.schema.RowRecord} documents. Values are in the form of the
 * append's proto already.
 */
package io.pipeline.dataflow.schema;
