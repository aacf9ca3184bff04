/** From bytes to an event: strict UTF-8, one JSON object, every number literal kept. */
package io.pipeline.dataflow.json;
