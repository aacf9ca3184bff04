import {
  buildRow,
  compileSchema,
  decodeEvent,
  fit,
  PIPELINE_COLUMNS,
  planBatch,
} from '@pipeline/schema-inference';

const ATTRIBUTES = { event_type: 'bench' };
const EMPTY = { columns: PIPELINE_COLUMNS, closed: false };

function decode(bytes, options) {
  const decoded = decodeEvent({ data: bytes, attributes: ATTRIBUTES }, options);
  if (decoded.kind === 'rejected') throw new Error(`a fixture was rejected: ${decoded.code}`);
  return decoded.event;
}

/** Table schema for a batch: every event against an empty table, joined into one plan. */
export function inferSchema(batch) {
  const { plan, rejections } = planBatch(
    EMPTY,
    batch.map((data) => ({ data, attributes: ATTRIBUTES })),
  );
  if (rejections.length > 0) throw new Error(`a fixture was rejected: ${rejections[0].code}`);
  return plan.schema;
}

const MESSAGE = { messageId: '1234567890123456', publishTime: '2024-01-15T10:30:00.123Z' };
const INGEST_TIME = '2024-01-15T10:30:01Z';

/** Ways to take one event of a table that has all its columns; `stored` gives the bytes of its append. */
export function fitters(schema) {
  const compiled = compileSchema(schema);
  const options = { schemaOf: () => compiled };
  const verdictOptions = { ...options, verdictOnly: true };
  return {
    verdict: (bytes) => fit(decode(bytes, verdictOptions), compiled, { verdictOnly: true }),
    fitted: (bytes) => fit(decode(bytes, options), compiled),
    row: (bytes) => fit(decode(bytes, {}), compiled).row,
    stored: (bytes) => {
      const event = decode(bytes, options);
      return buildRow(MESSAGE, event, fit(event, compiled), INGEST_TIME);
    },
  };
}

/** A fixture that does not fit its own schema would measure something else. */
export function assertFits(schema, batch, { isWritten = false } = {}) {
  const { fitted, stored } = fitters(schema);
  for (const bytes of batch) {
    const { pending, overflow } = fitted(bytes);
    if (isWritten && stored(bytes).written === null)
      throw new Error('a fixture is not written from its bytes');
    if (pending.length > 0 || overflow !== null) throw new Error('a fixture does not fit its own schema');
  }
}
