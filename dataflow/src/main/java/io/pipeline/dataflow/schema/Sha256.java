package io.pipeline.dataflow.schema;

import com.google.common.hash.Hashing;
import java.nio.charset.StandardCharsets;

/** Hashes of keys and types, for names that cannot hold them. */
final class Sha256 {
  private Sha256() {}

  /** Returns 64 lower-case hex digits of the hash of the text in UTF-8. */
  static String hex(String text) {
    return Hashing.sha256().hashString(text, StandardCharsets.UTF_8).toString();
  }
}
