/**
 * Decodes, fits, plans and builds the row of one hostile message, and prints `{bytes, outcome, peakMb, cpuMs}`: the growth
 * of the process's peak memory and the processor time. Arguments: the shape's name and its size in bytes.
 */
import {
  buildRow,
  compileSchema,
  decodeEvent,
  fit,
  overflowText,
  PIPELINE_COLUMNS,
  plan,
} from '@pipeline/schema-inference';
import { cpuMs } from './timing.mjs';
import { LARGEST_SHAPES } from './largest-events.mjs';

const [name, size] = process.argv.slice(2);
const { text, first } = LARGEST_SHAPES[name](Number(size));
const empty = { columns: PIPELINE_COLUMNS, closed: false };

function settle(bytes, schema) {
  const decoded = decodeEvent({ data: bytes, attributes: {} });
  if (decoded.kind === 'rejected') return { outcome: decoded.code, schema };
  const verdict = fit(decoded.event, compileSchema(schema), { verdictOnly: true });
  const planned = plan(schema, [verdict.pending]).schema;
  const fitted = fit(decoded.event, compileSchema(planned), { pending: 'overflow' });
  const built = buildRow(
    { messageId: '1', publishTime: '2026-01-01T00:00:00Z' },
    decoded.event,
    fitted,
    '2026-01-01T00:00:01Z',
  );
  if (built.kind === 'rejected') return { outcome: built.code, schema: planned };
  const overflowed = fitted.overflow === null ? 0 : overflowText(fitted.overflow).length;
  return { outcome: 'row', schema: planned, row: Buffer.from(JSON.stringify(built.row)).length, overflowed };
}

const { schema } = settle(Buffer.from(first), empty);
const bytes = Buffer.from(text);
const before = process.resourceUsage().maxRSS;
const start = cpuMs();
const { outcome } = settle(bytes, schema);
const result = {
  bytes: bytes.length,
  outcome,
  peakMb: (process.resourceUsage().maxRSS - before) / 1_000,
  cpuMs: cpuMs() - start,
};
console.log(JSON.stringify(result));
