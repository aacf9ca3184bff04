package io.pipeline.dataflow.json;

/** Parses JSON that the pipeline itself wrote. */
public final class JsonText {
  private JsonText() {}

  /** Returns the value, or null if the text is not exactly one JSON value. Keeps duplicate keys. */
  public static JsonNode parse(String text) {
    TreeReader.Tree tree = TreeReader.read(text);
    return tree == null ? null : tree.root();
  }
}
