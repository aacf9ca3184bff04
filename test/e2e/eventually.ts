const POLL_MS = 100;

/**
 * Wait for a condition: run `attempt` until it does not throw, and give its result; after `timeoutMs` throw what it
 * threw last. Specs wait for facts with it, never for time.
 */
export async function eventually<Result>(
  attempt: () => Promise<Result>,
  timeoutMs = 240_000,
): Promise<Result> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
