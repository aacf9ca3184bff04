import { toMessage } from '../error-like.js';
import { requestContext } from '../service/request-context.js';
import type { SpanAttributes } from './tracing.port.js';

/**
 * Runs a part of a request in its own span if requests are traced; else just runs it.
 *
 * Shape: `await traced('append', { table: 'orders' }, () => writer.write(…))`. A rejection ends the span as failed.
 */
export async function traced<T>(
  name: string,
  attributes: SpanAttributes,
  work: () => Promise<T>,
): Promise<T> {
  const context = requestContext.getStore();
  if (context === undefined || context.span === null) {
    return work();
  }
  const span = context.span.start(name, attributes);
  try {
    const result = await requestContext.run({ ...context, span }, work);
    span.end(null);
    return result;
  } catch (cause) {
    span.end(toMessage(cause));
    throw cause;
  }
}

/** The same for synchronous work. */
export function tracedSync<T>(name: string, attributes: SpanAttributes, work: () => T): T {
  const span = requestContext.getStore()?.span?.start(name, attributes);
  if (span === undefined) {
    return work();
  }
  try {
    const result = work();
    span.end(null);
    return result;
  } catch (cause) {
    span.end(toMessage(cause));
    throw cause;
  }
}
