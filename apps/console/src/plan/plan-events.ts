import { PlanReporter, type PlanReport, type PlanReporterOptions } from '@pipeline/bigquery-tables';
import type { NumberedMessage } from './read-events.js';

/** Plans messages as `pipeline plan` does. Changes nothing. @throws CloudError */
export async function planEvents(
  options: PlanReporterOptions,
  messages: readonly NumberedMessage[],
): Promise<PlanReport> {
  const reporter = new PlanReporter(options);
  for (const { line, message } of messages) {
    const data = Buffer.from(message.data.buffer, message.data.byteOffset, message.data.byteLength);
    await reporter.take({ data, attributes: message.attributes }, line);
  }
  return reporter.finish();
}
