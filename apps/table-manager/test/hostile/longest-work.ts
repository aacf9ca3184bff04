/**
 * Loaded into table-manager before its own code (`node --import`): measures the longest piece of work on the main thread, in
 * processor time, which does not depend on what else the machine does. No other request is answered meanwhile.
 */
const TICK_MS = 5;
/** A text whose parsing is the unit of comparison: 10 MB, 250,000 values. */
const UNIT = `[${Array.from({ length: 250_000 }, (_unused, index) => String(index).padStart(39, '1')).join(',')}]`;

let before = cpuMs();
let longestMs = 0;

function cpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}

function tick(): void {
  const now = cpuMs();
  longestMs = Math.max(longestMs, now - before);
  before = now;
  setTimeout(tick, TICK_MS).unref();
}

/** The least of three, because the first is not compiled yet. */
function measureUnit(): number {
  const times = Array.from({ length: 3 }, () => {
    const startMs = cpuMs();
    JSON.parse(UNIT);
    return cpuMs() - startMs;
  });
  return Math.min(...times);
}

process.on('message', () => {
  const result = { longestMs, unitMs: measureUnit() };
  before = cpuMs();
  longestMs = 0;
  process.send?.(result);
});
process.channel?.unref();
tick();
