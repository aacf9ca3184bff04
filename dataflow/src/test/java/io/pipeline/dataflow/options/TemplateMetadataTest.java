package io.pipeline.dataflow.options;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.Validation;
import org.junit.jupiter.api.Test;

/** metadata.json lists exactly the options of the job. */
class TemplateMetadataTest {
  /** Options of local runs; a template runs in Google Cloud. */
  private static final Set<String> OF_A_LAPTOP =
      Set.of("bigqueryEndpoint", "bigqueryStorageEndpoint");

  private record Parameter(String help, boolean isOptional, String defaultValue) {}

  private static JsonNode metadata() throws IOException {
    return new ObjectMapper().readTree(Path.of("metadata.json").toFile());
  }

  private static Map<String, Parameter> offered() throws IOException {
    Map<String, Parameter> parameters = new TreeMap<>();
    for (JsonNode parameter : metadata().get("parameters")) {
      JsonNode given = parameter.get("defaultValue");
      parameters.put(
          parameter.get("name").asText(),
          new Parameter(
              parameter.get("helpText").asText(),
              parameter.get("isOptional").asBoolean(),
              given == null ? null : given.asText()));
    }
    return parameters;
  }

  private static Map<String, Parameter> accepted() {
    Map<String, Parameter> options = new TreeMap<>();
    Arrays.stream(JobOptions.class.getDeclaredMethods())
        .filter(method -> method.getName().startsWith("get"))
        .forEach(method -> options.put(nameOf(method), parameterOf(method)));
    options.keySet().removeAll(OF_A_LAPTOP);
    return options;
  }

  private static String nameOf(Method getter) {
    String name = getter.getName().substring("get".length());
    return Character.toLowerCase(name.charAt(0)) + name.substring(1);
  }

  private static Parameter parameterOf(Method getter) {
    boolean isOptional = !getter.isAnnotationPresent(Validation.Required.class);
    String help = getter.getAnnotation(Description.class).value();
    return new Parameter(help, isOptional, defaultOf(getter));
  }

  private static String defaultOf(Method getter) {
    if (getter.isAnnotationPresent(Default.String.class)) {
      return getter.getAnnotation(Default.String.class).value();
    }
    if (getter.isAnnotationPresent(Default.Integer.class)) {
      return String.valueOf(getter.getAnnotation(Default.Integer.class).value());
    }
    return getter.isAnnotationPresent(Default.Boolean.class)
        ? String.valueOf(getter.getAnnotation(Default.Boolean.class).value())
        : null;
  }

  @Test
  void offersEveryOptionWithItsDescriptionAndDefault() throws IOException {
    assertEquals(accepted(), offered());
  }

  @Test
  void acceptsItsOwnDefaults() throws IOException {
    for (JsonNode parameter : metadata().get("parameters")) {
      if (parameter.has("defaultValue")) {
        String pattern = parameter.get("regexes").get(0).asText();
        assertTrue(
            Pattern.matches(pattern, parameter.get("defaultValue").asText()),
            parameter.get("name").asText());
      }
    }
  }

  @Test
  void isForAtLeastOnce() throws IOException {
    assertEquals("AT_LEAST_ONCE", metadata().get("defaultStreamingMode").asText());
    assertTrue(metadata().get("supportsAtLeastOnce").asBoolean());
  }
}
