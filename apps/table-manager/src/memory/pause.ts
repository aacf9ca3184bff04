/** A step of the work on an event of this size takes long enough for others to notice. */
const HEAVY_BYTES = 64 * 1024;

/** Lets other requests, health checks among them, run between two steps of the work on a heavy event. */
export async function pauseIfHeavy({ byteLength }: Uint8Array): Promise<void> {
  if (byteLength >= HEAVY_BYTES) await new Promise((resolve) => setImmediate(resolve));
}
