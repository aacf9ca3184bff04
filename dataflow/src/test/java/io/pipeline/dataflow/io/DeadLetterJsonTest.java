package io.pipeline.dataflow.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.io.BaseEncoding;
import com.google.protobuf.ByteString;
import io.pipeline.dataflow.model.DeadLetter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Dead letters are the same as table-manager's. */
class DeadLetterJsonTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path VECTORS = Path.of("../test/contracts/messages/dead-letters.json");

  @TestFactory
  Stream<DynamicTest> vectors() throws IOException {
    JsonNode cases = JSON.readTree(VECTORS.toFile()).get("cases");
    assertTrue(cases.size() > 0);
    return StreamSupport.stream(cases.spliterator(), false)
        .map(one -> DynamicTest.dynamicTest(one.get("name").asText(), () -> check(one)));
  }

  private static void check(JsonNode vector) throws IOException {
    JsonNode service = vector.get("service");

    byte[] bytes =
        DeadLetterJson.toBytes(
            letterOf(vector), service.get("name").asText(), service.get("version").asText());

    assertEquals(vector.get("expect"), JSON.readTree(bytes));
    assertTrue(bytes.length < 9_000_000);
  }

  private static DeadLetter letterOf(JsonNode vector) {
    JsonNode letter = vector.get("letter");
    Map<String, String> attributes =
        JSON.convertValue(letter.get("attributes"), new TypeReference<>() {});
    return new DeadLetter(
        letter.get("reason").asText(),
        letter.get("stage").asText(),
        letter.get("detail").asText(),
        letter.get("eventType").textValue(),
        letter.get("table").textValue(),
        letter.get("messageId").textValue(),
        letter.get("publishTime").textValue(),
        attributes,
        dataOf(vector));
  }

  private static ByteString dataOf(JsonNode vector) {
    return vector.has("dataZeros")
        ? ByteString.copyFrom(new byte[vector.get("dataZeros").asInt()])
        : ByteString.copyFrom(
            BaseEncoding.base16().lowerCase().decode(vector.get("dataHex").asText()));
  }
}
