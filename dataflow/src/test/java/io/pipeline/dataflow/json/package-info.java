/** What the vectors do not say about reading JSON. */
package io.pipeline.dataflow.json;
