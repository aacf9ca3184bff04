import { textTable } from '@pipeline/cli';
import { FAULT_KINDS } from '../harness/fault-plan.js';
import type { LabResult } from './lab.js';
import type { Problem } from '../harness/judge.js';
import type { Percentiles } from './percentiles.js';

const MAX_PROBLEMS = 20;

const FAULT_WORDS: Readonly<Record<(typeof FAULT_KINDS)[number], string>> = {
  'metadata-lag': 'times that writers learnt of columns late',
  'rate-limit': 'times that changes of a table were limited',
  quota: 'calls refused: quota exceeded',
  unavailable: 'calls refused: 503',
  reset: 'connections reset by BigQuery',
  kill: 'replicas killed with -9 and replaced',
  'answer-lost': 'answers lost, so that Pub/Sub delivered again',
  cut: 'deliveries cut off',
  late: 'deliveries held up for as long as 12 s',
  again: 'deliveries that came a second time after their success',
};

/** One page: what was thrown, what came out, the books, and PASS or FAIL with the events. */
export function renderLab(result: LabResult): string {
  const { delivery, seed, durationSeconds, replicas, sabotage, books, deep } = result;
  return [
    `The lab: ${delivery} delivery, seed ${seed}, ${durationSeconds} s, ${replicas} replicas of table-manager` +
      (sabotage === null ? '' : `, SABOTAGED: ${sabotage}`),
    '',
    'Thrown at it',
    ...FAULT_KINDS.map((kind) => `  ${String(result.thrown[kind] ?? 0).padStart(5)}  ${FAULT_WORDS[kind]}`),
    '',
    'Came out of it',
    indent(
      textTable(
        ['scenario', 'published', 'rows', 'dead letters', 'wrong'],
        result.scenarios.map(({ scenario, published, rows, deadLetters, wrong }) => [
          scenario,
          published,
          rows,
          sum(deadLetters),
          wrong,
        ]),
      ),
    ),
    `  dead letters: ${describeLetters(result)}`,
    '',
    'Books',
    `  ${books.received} received = ${books.rows} rows + ${books.deadLetters} dead letters + ${books.inProgress} in progress + ${books.unaccounted} unaccounted`,
    `  ${books.duplicates} rows and ${result.repeatedLetters} dead letters there twice, recognised by their message id`,
    `  ${deep.leaves} values rebuilt from ${deep.rows} rows: ${deep.altered} altered`,
    `  ${describeColumns(result)}`,
    ...describeGoodEvents(result),
    ...describeRestless(result),
    '',
    ...verdict(result),
  ].join('\n');
}

function describeLetters({ scenarios }: LabResult): string {
  const reasons = new Map<string, number>();
  for (const { deadLetters } of scenarios)
    for (const [reason, count] of Object.entries(deadLetters))
      reasons.set(reason, (reasons.get(reason) ?? 0) + count);
  return reasons.size === 0 ? 'none' : [...reasons].map(([reason, count]) => `${count} ${reason}`).join(', ');
}

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}

function describeColumns({ columnTimes }: LabResult): string {
  if (columnTimes === null) return 'no column and no table came by a message of this run';
  const { changes, medianMs, mostMs, longestMs } = columnTimes;
  return (
    `${changes} new columns and tables, from the publishing of the event that brought them: ` +
    `half within ${seconds(medianMs)}, 95 % within ${seconds(mostMs)}, all within ${seconds(longestMs)}`
  );
}

function describeGoodEvents({ goodEvents }: LabResult): string[] {
  if (goodEvents === null) return [];
  const { rows, p50Ms, p99Ms } = goodEvents;
  return [
    `  ${rows} events of nine good producers, from publish to row: half within ${p50Ms} ms, 99 % within ${p99Ms} ms`,
  ];
}

function describeRestless({ restless }: LabResult): string[] {
  if (restless === null) return [];
  const { rows, moved, redelivered, toRow, toValue } = restless;
  const times = ({ p50Ms, p95Ms, p99Ms }: Percentiles): string =>
    `half within ${seconds(p50Ms)}, 95 % within ${seconds(p95Ms)}, 99 % within ${seconds(p99Ms)}`;
  return [
    `  ${rows} events from publish to row: ${times(toRow)}`,
    `  from publish to the last value in its column: ${times(toValue)}`,
    `  ${moved} values moved to their columns by promotion and the retype; ${redelivered} deliveries beyond the first of a message`,
  ];
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1_000).toFixed(1)} s`;
}

function verdict({ passed, problems, failures, logDirectory }: LabResult): string[] {
  if (passed)
    return ['PASS: nothing unaccounted, nothing altered, and every message has its expected outcome.'];
  const more = problems.length - MAX_PROBLEMS;
  return [
    `FAIL: ${failures.length + problems.length} findings`,
    ...failures.map((failure) => `  ${failure}`),
    ...problems.slice(0, MAX_PROBLEMS).map((problem) => `  ${describe(problem)}`),
    ...(more > 0 ? [`  and ${more} more (--json names them all)`] : []),
    ...(logDirectory === null ? [] : [`Logs of the services: ${logDirectory}`]),
  ];
}

function describe({ messageId, scenario, expected, what }: Problem): string {
  const suffix = expected === null ? '' : ` (expected: ${expected})`;
  return [messageId ?? '–', scenario ?? '–', `${what}${suffix}`].join('  ');
}

function indent(text: string): string {
  return text
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n');
}
