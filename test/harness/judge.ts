import type { AlteredValue } from '@pipeline/books';

/** A message as the archive has it, with its attributes. */
export interface ArchivedMessage {
  readonly messageId: string;
  readonly scenario: string | null;
  /** `row`, the reason of a dead letter, or `any`: a row or a dead letter. */
  readonly expected: string | null;
}

/** A dead letter; `isWhole`: its bytes are those that were published. */
export interface FoundLetter {
  readonly messageId: string | null;
  readonly reason: string | null;
  readonly isWhole: boolean;
}

/** The evidence after a run, by message id. */
export interface Evidence {
  readonly messages: readonly ArchivedMessage[];
  /** Rows of the `_unique` views. */
  readonly rows: readonly { readonly messageId: string; readonly table: string }[];
  /** Dead letters, copies included. */
  readonly letters: readonly FoundLetter[];
  readonly altered: readonly AlteredValue[];
}

/** One event without its expected outcome. */
export interface Problem {
  readonly messageId: string | null;
  readonly scenario: string | null;
  readonly expected: string | null;
  readonly what: string;
}

/** The result of one scenario. A message with several copies counts once. */
export interface ScenarioResult {
  readonly scenario: string;
  readonly published: number;
  readonly rows: number;
  readonly deadLetters: Readonly<Record<string, number>>;
  /** Messages named in the problems. */
  readonly wrong: number;
}

export interface Judgement {
  readonly scenarios: readonly ScenarioResult[];
  readonly problems: readonly Problem[];
  /** Dead letters beyond the first of a message: deliveries whose answer was lost. */
  readonly repeatedLetters: number;
}

/**
 * Compares the evidence with the expected outcome of each message: one row by `_unique`, or a dead letter with one reason.
 *
 * A dead letter may exist twice, because Pub/Sub may deliver twice; both must have the same reason.
 */
export function judge(published: ReadonlyMap<string, number>, evidence: Evidence): Judgement {
  const messages = new Map(evidence.messages.map((message) => [message.messageId, message]));
  const tables = groupBy(evidence.rows, ({ messageId }) => messageId);
  const letters = groupBy(evidence.letters, ({ messageId }) => messageId ?? '');
  const problems: Problem[] = [];
  const note = (messageId: string, what: string): void => {
    const { scenario = null, expected = null } = messages.get(messageId) ?? {};
    problems.push({ messageId: messageId === '' ? null : messageId, scenario, expected, what });
  };
  for (const message of evidence.messages) {
    const { messageId } = message;
    const reasons = new Set(letters.get(messageId)?.map(({ reason }) => reason ?? 'no reason'));
    const found = tables.get(messageId)?.map(({ table }) => table) ?? [];
    for (const what of faultsOf(message, found, [...reasons])) note(messageId, what);
  }
  for (const messageId of [...tables.keys(), ...letters.keys()]) {
    if (!messages.has(messageId)) note(messageId, 'is there, and the archive never saw it');
  }
  for (const { messageId, isWhole } of evidence.letters) {
    if (!isWhole) note(messageId ?? '', 'its dead letter has not the bytes that were published');
  }
  for (const { messageId, table, pointer, problem } of evidence.altered)
    note(messageId, `${ALTERATIONS[problem]} in ${table}${pointer === '' ? '' : `: ${pointer}`}`);
  return {
    scenarios: [...published].map(([scenario, count]) =>
      toResult({ scenario, count }, { evidence, tables, letters, problems }),
    ),
    problems: withoutRepeats([...missingFromArchive(published, evidence.messages), ...problems]),
    repeatedLetters: evidence.letters.length - letters.size,
  };
}

/** Each copy of a row counts. */
function withoutRepeats(problems: readonly Problem[]): Problem[] {
  return [
    ...new Map(problems.map((problem) => [`${problem.messageId ?? ''} ${problem.what}`, problem])).values(),
  ];
}

const ALTERATIONS: Readonly<Record<AlteredValue['problem'], string>> = {
  changed: 'value changed',
  missing: 'value missing',
  invented: 'value that the event has not',
  'not-an-event': 'row of bytes that are no event',
};

function faultsOf(
  { expected }: ArchivedMessage,
  tables: readonly string[],
  reasons: readonly string[],
): string[] {
  if (tables.length === 0 && reasons.length === 0)
    return [expected === 'row' ? 'lost: neither row nor dead letter' : 'lost: its dead letter is missing'];
  const faults: string[] = [];
  if (tables.length > 1) faults.push(`more than one row by _unique: ${tables.join(', ')}`);
  if (expected === 'any') {
    if (tables.length > 0 && reasons.length > 0) faults.push(`row and dead letter ${reasons.join(', ')}`);
    if (reasons.length > 1) faults.push(`dead letter has the reasons ${reasons.join(', ')}`);
  } else if (expected === 'row') {
    if (reasons.length > 0) faults.push(`dead letter ${reasons.join(', ')} where a row was expected`);
  } else {
    if (tables.length > 0) faults.push(`row in ${tables.join(', ')} where a dead letter was expected`);
    if (reasons.length > 0 && (reasons.length > 1 || reasons[0] !== expected))
      faults.push(`dead letter says ${reasons.join(', ')}`);
  }
  return faults;
}

function missingFromArchive(
  published: ReadonlyMap<string, number>,
  messages: readonly ArchivedMessage[],
): Problem[] {
  const archived = groupBy(messages, ({ scenario }) => scenario ?? '');
  return [...published].flatMap(([scenario, count]) => {
    const missing = count - (archived.get(scenario)?.length ?? 0);
    if (missing === 0) return [];
    const what =
      missing > 0
        ? `${missing} of ${count} messages are not in the archive`
        : `${-missing} more messages in the archive than the ${count} published`;
    return [{ messageId: null, scenario, expected: null, what }];
  });
}

function toResult(
  { scenario, count }: { readonly scenario: string; readonly count: number },
  {
    evidence,
    tables,
    letters,
    problems,
  }: {
    readonly evidence: Evidence;
    readonly tables: ReadonlyMap<string, unknown>;
    readonly letters: ReadonlyMap<string, Evidence['letters']>;
    readonly problems: readonly Problem[];
  },
): ScenarioResult {
  const ids = evidence.messages
    .filter((message) => message.scenario === scenario)
    .map(({ messageId }) => messageId);
  const deadLetters: Record<string, number> = {};
  for (const id of ids) {
    const reason = letters.get(id)?.[0]?.reason;
    if (typeof reason === 'string') deadLetters[reason] = (deadLetters[reason] ?? 0) + 1;
  }
  const wrong = new Set(
    problems.filter((problem) => problem.scenario === scenario).map((problem) => problem.messageId),
  );
  return {
    scenario,
    published: count,
    rows: ids.filter((id) => tables.has(id)).length,
    deadLetters,
    wrong: wrong.size,
  };
}

function groupBy<T>(values: readonly T[], keyOf: (value: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const value of values) {
    const group = groups.get(keyOf(value));
    if (group === undefined) groups.set(keyOf(value), [value]);
    else group.push(value);
  }
  return groups;
}
