import type { MessageExplanation } from '@pipeline/books';
import type { Column, TableSchema } from '@pipeline/schema-inference';
import type { Sample } from './samples.js';
import { countOf } from '../command/count-words.js';

/** A sample that Pub/Sub has, and what became of it. */
export interface SampleFacts {
  readonly sample: Sample;
  readonly messageId: string;
  readonly explanation: MessageExplanation;
  readonly isArchived: boolean;
  /** Of the table that the sample belongs to; null while there is none. */
  readonly schema: TableSchema | null;
}

/** One line of the result. */
export interface Check {
  readonly name: string;
  readonly passed: boolean;
  /** The finding; a failed check also names the remedy. */
  readonly detail: string;
}

/** Remedies by cause. */
export interface Places {
  readonly tableManager: string;
  readonly dataset: string;
  readonly bucket: string;
}

/** Has everything become of the sample that will? */
export function isSettled({ sample, explanation, isArchived }: SampleFacts): boolean {
  const outcome = sample.expected.kind === 'row' ? 'row' : 'dead-letter';
  return isArchived && (explanation.outcome === outcome || explanation.outcome === 'dead-letter');
}

/** Judge what became of the samples. Pure: a line for each thing that was promised. */
export function checkSamples(facts: readonly SampleFacts[], places: Places): Check[] {
  return [...facts.flatMap((one) => checkSample(one, places)), checkBooks(facts)];
}

function checkSample(facts: SampleFacts, places: Places): Check[] {
  const { sample, explanation } = facts;
  const { expected } = sample;
  if (expected.kind === 'dead letter') return [checkDeadLetter(facts, expected.reason, places)];
  const arrived = explanation.outcome === 'row' && explanation.table === expected.table;
  const row: Check = {
    name: `${sample.name}: row`,
    passed: arrived,
    detail: arrived ? `in ${places.dataset}.${expected.table}` : missing(facts, places),
  };
  return arrived ? [row, checkTypes(facts, expected.types), checkValues(facts)] : [row];
}

function missing({ explanation, messageId, isArchived }: SampleFacts, places: Places): string {
  const said = `message ${messageId}: ${explanation.summary.join(' ')}`;
  if (explanation.outcome === 'dead-letter') return said;
  const witness = isArchived
    ? 'The archive has it, so Pub/Sub delivers'
    : 'The archive does not have it either, so look at the subscription of _raw_events first';
  return `${said} ${witness}; is ${places.tableManager} running, and does it get events?`;
}

function checkDeadLetter(
  { sample, explanation, messageId }: SampleFacts,
  reason: string,
  places: Places,
): Check {
  const found = explanation.deadLetters[0]?.reason ?? null;
  return {
    name: `${sample.name}: dead letter`,
    passed: explanation.outcome === 'dead-letter' && found === reason,
    detail:
      found === null
        ? `message ${messageId} is no dead letter: ${explanation.summary.join(' ')} Is ${places.tableManager} running?`
        : `${found}${found === reason ? '' : `, where ${reason} was expected`}`,
  };
}

function checkTypes({ sample, schema }: SampleFacts, types: Readonly<Record<string, string>>): Check {
  const found = new Map(schema === null ? [] : typesOf(schema.columns));
  const wrong = Object.entries(types)
    .filter(([path, type]) => found.get(path) !== type)
    .map(([path, type]) => `${path} is ${found.get(path) ?? 'missing'}, not ${type}`);
  return {
    name: `${sample.name}: types`,
    passed: wrong.length === 0,
    detail: wrong.length === 0 ? `${Object.keys(types).length} columns as they should be` : wrong.join('; '),
  };
}

function checkValues({ sample, explanation }: SampleFacts): Check {
  const { leaves } = explanation;
  const wrong = leaves
    .filter(({ isExact, place }) => !isExact || place !== 'column')
    .map(({ pointer, words }) => `${pointer}: ${words}`);
  return {
    name: `${sample.name}: values`,
    passed: wrong.length === 0 && leaves.length > 0,
    detail:
      wrong.length === 0
        ? `${countOf(leaves.length, 'value')}, each exactly in its column`
        : wrong.join('; '),
  };
}

function checkBooks(facts: readonly SampleFacts[]): Check {
  const archived = facts.filter(({ isArchived }) => isArchived).length;
  const rows = facts.filter(({ explanation }) => explanation.outcome === 'row').length;
  const deadLetters = facts.filter(({ explanation }) => explanation.outcome === 'dead-letter').length;
  const unaccounted = facts.length - rows - deadLetters;
  return {
    name: 'books',
    passed: archived === facts.length && unaccounted === 0,
    detail: `${facts.length} published, ${archived} archived = ${rows} rows + ${deadLetters} dead letters + ${unaccounted} unaccounted`,
  };
}

function typesOf(columns: readonly Column[], prefix = ''): [string, string][] {
  return columns.flatMap(({ name, type, mode, columns: nested = [] }) => {
    const path = `${prefix}${name}`;
    const own: [string, string] = [path, mode === 'REPEATED' ? `${type} REPEATED` : type];
    return [own, ...typesOf(nested, `${path}.`)];
  });
}
