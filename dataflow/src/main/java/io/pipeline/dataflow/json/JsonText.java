package io.pipeline.dataflow.json;

/** JSON that is not an event: what the pipeline itself wrote. */
public final class JsonText {
  private JsonText() {}

  /** The value, or null where the text is not one JSON value. Duplicate keys are kept. */
  public static JsonNode parse(String text) {
    TreeReader.Tree tree = TreeReader.read(text);
    return tree == null ? null : tree.root();
  }
}
