import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import {
  buildRow,
  compileSchema,
  decodeEvent,
  fit,
  PIPELINE_COLUMNS,
  type BuiltRow,
  type Column,
  type CompiledSchema,
  type DecodeOptions,
  type TableSchema,
} from '@pipeline/schema-inference';
import { randomCase, seeded } from './random-events.builder.js';
import { compileRowEncoder, type RowEncoder } from './row-encoder.js';

/** Random events of a run; 1,000,000 of them take five minutes. */
const EVENTS = Number(process.env['WRITTEN_ROWS_EVENTS'] ?? 2_000);
const SEED = Number(process.env['FC_SEED'] ?? Date.now() % 2_147_483_647);
const EVENTS_PER_SCHEMA = 20;
const MESSAGE = { messageId: '10721501285371497', publishTime: '2026-11-22T23:05:00.123456Z' };
const INGEST_TIME = '2026-11-22T23:05:01.5Z';
const ATTRIBUTES = [{ event_type: 't' }, { event_type: 't', origin: 'Zürich "x"' }];

type Outcome = { readonly refused: string } | { readonly built: BuiltRow; readonly isWhole: boolean };

function outcomeOf(
  source: Parameters<typeof decodeEvent>[0],
  compiled: CompiledSchema,
  options: DecodeOptions = {},
): Outcome {
  const decoded = decodeEvent(source, options);
  if (decoded.kind === 'rejected') return { refused: `${decoded.code} ${decoded.detail}` };
  const fitted = fit(decoded.event, compiled);
  const built = buildRow(MESSAGE, decoded.event, fitted, INGEST_TIME);
  return { built, isWhole: fitted.overflow === null && fitted.pending.length === 0 };
}

/** An outcome without the parts that a row is made from. */
function simple(outcome: Outcome): unknown {
  if ('refused' in outcome || outcome.built.kind === 'rejected') return outcome;
  const { written, row } = outcome.built;
  return { isWhole: outcome.isWhole, written: written && Buffer.from(written).toString('latin1'), row };
}

const PIPELINE_NAMES = new Set(PIPELINE_COLUMNS.map(({ name }) => name));

/** The columns in the order of a written row. */
function eventFirst(row: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const members = Object.entries(row);
  const isOfPipeline = ([name]: readonly [string, unknown]): boolean => PIPELINE_NAMES.has(name);
  return Object.fromEntries([
    ...members.filter((member) => !isOfPipeline(member)),
    ...members.filter(isOfPipeline),
  ]);
}

interface Table {
  readonly compiled: CompiledSchema;
  readonly encoder: RowEncoder;
}

function tableOf(schema: TableSchema): Table {
  return { compiled: compileSchema(schema), encoder: compileRowEncoder(schema.columns) };
}

/** True if the row was written from the event's bytes; fails if that road gives anything else than the parser's. */
function isWrittenAlike(source: Parameters<typeof decodeEvent>[0], { compiled, encoder }: Table): boolean {
  const parsed = outcomeOf(source, compiled);
  const matched = outcomeOf(source, compiled, { schemaOf: () => compiled });
  const verdict = outcomeOf(source, compiled, { schemaOf: () => compiled, verdictOnly: true });
  expect(simple(verdict)).toEqual(simple(matched));
  if ('refused' in parsed || 'refused' in matched) {
    expect(matched).toEqual(parsed);
    return false;
  }
  const { built } = matched;
  if (built.kind === 'rejected' || built.written === null) return false;
  const expected = parsed.built.kind === 'row' ? encoder.encode(eventFirst(parsed.built.row)) : parsed.built;
  const isEqual = expected.kind === 'encoded' && Buffer.compare(expected.bytes, built.written) === 0;
  if (!isEqual || !parsed.isWhole) {
    const text = Buffer.from(source.data).toString();
    expect({ text, columns: compiled.schema.columns, written: Buffer.from(built.written) }).toEqual(expected);
  }
  return true;
}

describe(`rows written from bytes (seed ${SEED}, ${EVENTS} events)`, () => {
  it('are those that the encoder writes for the parsed event, and every other event takes the parser', () => {
    const random = seeded(SEED);
    let written = 0;
    for (let left = EVENTS; left > 0; left -= EVENTS_PER_SCHEMA) {
      const { columns, texts } = randomCase(random, EVENTS_PER_SCHEMA);
      const table = tableOf({ columns, closed: false });
      for (const text of texts) {
        const attributes = ATTRIBUTES[random(ATTRIBUTES.length)] ?? {};
        if (isWrittenAlike({ data: Buffer.from(text), attributes }, table)) written++;
      }
    }

    expect(written).toBeGreaterThan(EVENTS / 20);
    expect(written).toBeLessThan(EVENTS);
  });

  it('are those of the parsed event for every vector of the contract', () => {
    const folder = join(import.meta.dirname, '../../../../test/contracts');
    const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
    const cases = files.flatMap((name) => vectorsOf(readFileSync(join(folder, name), 'utf8')));
    const written = cases.filter(({ schema, event }) =>
      isWrittenAlike({ data: Buffer.from(event), attributes: { event_type: 't' } }, tableOf(schema)),
    );

    expect(cases.length).toBeGreaterThan(100);
    expect(written.length).toBeGreaterThan(20);
  });
});

interface Vector {
  readonly schema: TableSchema;
  readonly event: string;
}

/** The vectors of a file that have a schema and the text of an event. */
function vectorsOf(json: string): readonly Vector[] {
  const { cases = [] } = JSON.parse(json) as { readonly cases?: readonly Partial<Vector>[] };
  return cases.flatMap(({ schema, event }) =>
    typeof event === 'string' && schema !== undefined && schema.columns.every(isColumn)
      ? [
          {
            event,
            schema: { closed: false, columns: [...PIPELINE_COLUMNS, ...schema.columns.map(withMode)] },
          },
        ]
      : [],
  );
}

/** Some vectors describe many columns by one entry. */
function isColumn({ name, columns }: Partial<Column>): boolean {
  return name !== undefined && (columns ?? []).every(isColumn);
}

/** Vectors leave out the mode NULLABLE. */
function withMode(column: Column): Column {
  const { mode = 'NULLABLE', columns } = column as Partial<Column>;
  return { ...column, mode, ...(columns === undefined ? {} : { columns: columns.map(withMode) }) };
}
