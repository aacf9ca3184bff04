/** JSON parsing beyond the contract vectors. */
package io.pipeline.dataflow.json;
