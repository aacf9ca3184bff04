/** Contract vectors, and planning and rebuilding, which only tests need. */
package io.pipeline.dataflow.schema;
