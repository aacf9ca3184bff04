package io.pipeline.dataflow.store;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Processor time of the process, garbage collection included, so that other load on the machine
 * does not count. Two counters per iteration, whose quotient is the time per operation.
 */
@State(Scope.Thread)
@AuxCounters(AuxCounters.Type.EVENTS)
public class ElementCost {
  private static final OperatingSystemMXBean SYSTEM =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

  /** Events of this iteration. */
  public long operations;

  private long begin;

  /** Begins to count. */
  @Setup(Level.Iteration)
  public void begin() {
    operations = 0;
    begin = SYSTEM.getProcessCpuTime();
  }

  /** Nanoseconds since the iteration began. */
  public long processorNanos() {
    return SYSTEM.getProcessCpuTime() - begin;
  }
}
