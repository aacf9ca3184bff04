import { toMessage } from '../error-like.js';
import { CHECK_TIMEOUT_MS, type CheckOutcome, type HealthCheck } from './health-check.port.js';

/** Runs one check so that it always answers in time: an exception or a delay is `down`. */
export async function runCheck(
  check: HealthCheck,
  timeoutMs: number = CHECK_TIMEOUT_MS,
): Promise<CheckOutcome> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<CheckOutcome>((resolve) => {
    timer = setTimeout(() => {
      resolve({ kind: 'down', code: 'CHECK_TIMEOUT', message: `No answer within ${timeoutMs} ms` });
    }, timeoutMs);
  });
  try {
    return await Promise.race([check.check(), late]);
  } catch (cause) {
    return { kind: 'down', code: 'CHECK_FAILED', message: toMessage(cause) };
  } finally {
    clearTimeout(timer);
  }
}
