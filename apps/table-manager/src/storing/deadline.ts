/** What a promise comes to when it takes too long. */
export const TOO_LATE = Symbol('TOO_LATE');

/** The promise's value, or {@link TOO_LATE} once the time (epoch milliseconds) has come. The work itself goes on. */
export async function untilDeadline<T>(work: Promise<T>, deadlineAtMs: number): Promise<T | typeof TOO_LATE> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<typeof TOO_LATE>((resolve) => {
    timer = setTimeout(resolve, Math.max(0, deadlineAtMs - Date.now()), TOO_LATE);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
