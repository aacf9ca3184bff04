import { Session } from 'node:inspector/promises';

const CHECK_MS = 20_000;
/** At rest is less of a core than this. */
const MAX_BUSY_SHARE = 0.1;
/** Growth of the heap since the last collection that makes another one worthwhile. */
const MIN_GROWTH_BYTES = 32 * 1024 * 1024;

/** The state of the process at a check. */
export interface RestCheck {
  /** Share of a core since the last check. */
  readonly busyShare: number;
  readonly heapBytes: number;
  /** Size of the heap after the last collection. */
  readonly collectedBytes: number;
}

/** True if the process is at rest and its heap has grown since the last collection. */
export function isCollectionDue({ busyShare, heapBytes, collectedBytes }: RestCheck): boolean {
  return busyShare < MAX_BUSY_SHARE && heapBytes - collectedBytes >= MIN_GROWTH_BYTES;
}

/**
 * Collects the garbage that work has left behind once the process is at rest, so that its memory goes back to the system.
 *
 * V8 collects when the heap fills up: a server that only answers a question now and then keeps hundreds of megabytes.
 * For a process of the local cloud's own; never holds the process up.
 */
export function collectAtRest(): void {
  let collectedBytes = 0;
  let before = process.cpuUsage();
  let beforeMs = performance.now();
  const check = async (): Promise<void> => {
    const { user, system } = process.cpuUsage(before);
    const busyShare = (user + system) / 1_000 / (performance.now() - beforeMs);
    const heapBytes = process.memoryUsage().heapTotal;
    if (isCollectionDue({ busyShare, heapBytes, collectedBytes })) {
      await collect();
      collectedBytes = process.memoryUsage().heapTotal;
    }
    before = process.cpuUsage();
    beforeMs = performance.now();
  };
  setInterval(() => void check().catch(() => undefined), CHECK_MS).unref();
}

async function collect(): Promise<void> {
  const session = new Session();
  session.connect();
  try {
    await session.post('HeapProfiler.collectGarbage');
  } finally {
    session.disconnect();
  }
}
