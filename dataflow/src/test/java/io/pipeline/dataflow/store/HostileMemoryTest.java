package io.pipeline.dataflow.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** One legal message of up to 10 MB cannot exhaust the heap of a worker. */
class HostileMemoryTest {
  /** Heap of the child process. A worker of the Terraform default has 8 GB. */
  private static final String HEAP = "-Xmx256m";

  @Test
  void everyHostileShapeIsRowOrDeadLetterWithin256MegabytesOfHeap() throws Exception {
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                HEAP,
                "-XX:+ExitOnOutOfMemoryError",
                "-cp",
                System.getProperty("java.class.path"),
                HostileShapes.class.getName())
            .redirectErrorStream(true)
            .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
            .start();
    try {
      ByteArrayOutputStream output = new ByteArrayOutputStream();
      child.getInputStream().transferTo(output);
      child.waitFor(10, TimeUnit.SECONDS);
      List<String> lines = output.toString(StandardCharsets.UTF_8).lines().toList();
      assertEquals(HostileShapes.EXPECTED, lines);
    } finally {
      child.destroyForcibly();
    }
  }

  @Test
  void knowsEveryShapeOfTableManager() throws IOException {
    String source = Files.readString(Path.of("../apps/table-manager/test/hostile/shapes.ts"));
    List<String> shapes =
        Pattern.compile("^  '([^']+)': \\(\\) =>", Pattern.MULTILINE)
            .matcher(source)
            .results()
            .map(found -> found.group(1))
            .toList();

    assertTrue(shapes.size() >= 24, "the shapes are found");
    List<String> known =
        HostileShapes.EXPECTED.stream()
            .map(line -> line.substring(0, line.lastIndexOf(':')))
            .toList();
    assertEquals(List.of(), shapes.stream().filter(shape -> !known.contains(shape)).toList());
  }
}
