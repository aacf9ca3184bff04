import { formatBytes, formatCount, formatPrice } from '../format';
import { plural } from './en';

const cost = (bytes: number): string =>
  bytes === 0 ? 'nothing is billed' : `${formatBytes(bytes)}, ${formatPrice(bytes)}`;

/** Words of actions, approvals and plans; loaded with the first screen that has one. */
export const actionWords = {
  names: {
    replay: 'Replay',
    dismiss: 'Dismiss',
    export: 'Export',
    promote: 'Promote waiting values',
    retype: 'Retype a column',
    approve: 'Approve',
    reject: 'Reject',
    'deep-audit': 'Deep audit',
    publish: 'Publish',
  },
  edit: 'Edit and replay',
  notEditable: 'Its bytes are no whole text: use npx pipeline dead-letters export.',
  split: 'Split and replay',
  undo: 'Take back the dismissal',
  needsRole: (role: string, own: string) => `This needs the role ${role}; yours is ${own}.`,
  preview: 'Preview',
  previewing: 'Reading what would happen …',
  again: 'Options',
  cancel: 'Cancel',
  close: 'Close',
  stop: 'Stop',
  running: 'Running …',
  progress: (done: number, total: number | null) =>
    total === null ? formatCount(done) : `${formatCount(done)} of ${formatCount(total)}`,
  outcomes: { completed: 'Done', failed: 'It failed', interrupted: 'Stopped' },
  interruptedHint: 'What was done stays done. The same action continues where this one stopped.',
  logged: 'The log has it under this id:',
  nothing: 'There is nothing to do.',
  fields: {
    because: 'Reason, for the next reader',
    reason: 'Reason, for the history',
    event: 'Content of the event',
    eventHint: 'It is published as a message of its own; the original stays as it is and counts as replaced.',
    column: 'Column, or a field by its path',
    type: 'Type',
    typeHint:
      'BOOL, INT64, NUMERIC, BIGNUMERIC, FLOAT64, STRING, DATE, DATETIME, TIMESTAMP, JSON or ARRAY<…>',
    numbersAsText: 'Take numbers as their text (with STRING)',
    force: 'Also what would be a dead letter again, or had four attempts',
  },
  required: 'Enter this first.',
  replay: {
    would: (published: number, total: number) =>
      `${formatCount(published)} of ${plural(total, 'message', 'messages')} would become ${published === 1 ? 'a row' : 'rows'} today`,
    did: (published: number) =>
      published === 1
        ? '1 message published; it becomes a row within seconds'
        : `${formatCount(published)} messages published; they become rows within seconds`,
    hopeless: (count: number) =>
      `${plural(count, 'message', 'messages')} left alone: would be ${count === 1 ? 'a dead letter' : 'dead letters'} again`,
    refused: (count: number) => `${plural(count, 'message', 'messages')} refused after four attempts`,
    impossible: (count: number) => `${plural(count, 'message', 'messages')} cannot be revised so`,
    head: { reason: 'Was', outcome: 'Would be', messages: 'Messages', sample: 'Sample' },
    none: 'Nothing to replay: every message of this selection already has a row, or is dismissed.',
  },
  dismiss: {
    would: (count: number) =>
      `${plural(count, 'message', 'messages')} would be marked as dismissed. Nothing is deleted.`,
    wouldUndo: (count: number) => `The mark of ${plural(count, 'message', 'messages')} would be taken back.`,
    did: (count: number) => `${plural(count, 'message', 'messages')} marked`,
  },
  export: {
    would: (count: number, bytes: number) =>
      `${plural(count, 'dead letter', 'dead letters')} with ${formatBytes(bytes)} of payload would be in the file`,
    did: (count: number) =>
      `${plural(count, 'dead letter', 'dead letters')} exported. Mend the lines, then: npx pipeline backfill FILE --format dead-letters`,
    file: 'dead-letters.ndjson',
  },
  promote: {
    would: (values: number, rows: number) =>
      `${plural(values, 'value', 'values')} of ${plural(rows, 'row', 'rows')} would move to their columns`,
    did: (values: number, rows: number) =>
      `${plural(values, 'value', 'values')} of ${plural(rows, 'row', 'rows')} moved to their columns`,
    cost: (bytes: number) => `Bytes read: ${cost(bytes)}`,
    nothing: 'No value can move: each waits for a column that does not exist yet, or for an approval.',
  },
  retype: {
    would: (retired: string, added: string, values: number) =>
      `${retired} would be retired and ${added} would take its place: ${plural(values, 'value', 'values')} would move`,
    did: (retired: string, added: string, values: number) =>
      `${retired} is retired and ${added} has its place: ${plural(values, 'value', 'values')} moved`,
    overflowed: (count: number) =>
      `${plural(count, 'value', 'values')} of them to _overflow, because the type does not hold them`,
    left: (count: number) =>
      `${plural(count, 'row still has', 'rows still have')} a value in the retired column: run it again`,
    done: 'The column has this type already.',
    missing: 'The table was deleted meanwhile.',
  },
  decide: {
    would: (kind: string, path: string, type: string | null) =>
      kind === 'widen'
        ? `${path} would be widened to ${type ?? 'a wider type'}`
        : `A column for ${path} would be added: ${type ?? 'its type is that of all values'}`,
    wouldCreate: (table: string, type: string, events: number) =>
      `The table ${table} would be created for the event type ${type}, and ${plural(events, 'event', 'events')} replayed`,
    wouldContinue: (table: string, events: number) =>
      `The table ${table} exists. ${plural(events, 'event still waits', 'events still wait')} and would be replayed`,
    heldEvents: (events: number) => `${plural(events, 'event waits', 'events wait')} whole in _quarantine`,
    held: (values: number) => `${plural(values, 'value waits', 'values wait')} in _overflow`,
    cost: (bytes: number) => `Bytes read to move them: ${cost(bytes)}`,
    staysQuarantined: 'They would stay there, and so would those to come. Approving undoes it at any time.',
    stays: 'They would stay in _overflow, and so would those to come. Approving undoes it at any time.',
    approved: (changes: string, moved: number) =>
      `Approved: ${changes}. ${plural(moved, 'value', 'values')} moved.`,
    left: (count: number) =>
      `${plural(count, 'value is', 'values are')} left: writers do not know the change yet. Promotion moves them.`,
    rejected: (count: number) => `Rejected: ${plural(count, 'value stays', 'values stay')} in _overflow.`,
    rejectedType: (count: number) =>
      `Rejected: ${plural(count, 'event stays', 'events stay')} in _quarantine.`,
    released: (table: string, replayed: number, left: number) =>
      `The table ${table} exists. ${plural(replayed, 'event', 'events')} replayed, ${formatCount(left)} without a row yet.`,
    continues: (table: string) => `To replay those that stay without a row: npx pipeline approve ${table}`,
    exists: (column: string) => `${column} exists: there was nothing to decide.`,
    nothing: 'Nothing waits any more.',
  },
  deepAudit: {
    would: (bytes: number) =>
      `Every value of the hour is rebuilt from its row and compared with the archive: ${cost(bytes)}`,
    exact: (rows: number, leaves: number) =>
      `${plural(leaves, 'value', 'values')} of ${plural(rows, 'row', 'rows')}: each as it was published`,
    altered: (count: number) => `${plural(count, 'value is', 'values are')} not as published`,
  },
  publish: {
    would: (count: number) => `${plural(count, 'event', 'events')} would be published to the local cloud`,
    did: (count: number) => `${plural(count, 'event', 'events')} published`,
  },
  approvals: {
    title: 'Approvals',
    empty: 'No change waits for an approval',
    emptyHint:
      'A contract with the verb approve holds changes and event types back: docs/CONTRACTS.md. Events that were quarantined for another reason: docs/OPERATIONS.md.',
    asOf: 'As of',
    readAgain: 'Read again',
    notRead: 'The figures could not be read again:',
    cost: (bytes: number) => (bytes === 0 ? 'nothing' : formatBytes(bytes)),
    costTitle: (bytes: number, days: number) => `${cost(bytes)}; ${plural(days, 'day', 'days')}`,
    costUnknown: 'unknown',
    summary: (count: number) => plural(count, 'change waits', 'changes wait'),
    noneChosen: 'This change does not wait (any more)',
    noneChosenHint:
      'It was decided, or every value of it has a column. Show all changes, or the rejected ones too.',
    all: 'Show all changes',
    rejected: 'Show rejected ones',
    head: {
      table: 'Table',
      path: 'Path',
      type: 'Change',
      values: 'Values',
      perHour: 'Per hour',
      cost: 'To approve',
      first: 'First message',
      sample: 'Sample',
      decide: 'Decide',
    },
    kinds: { add: 'add', widen: 'widen to', type: 'new event type' },
    wasRejected: 'rejected',
    pullRequest: 'Pull request',
  },
  plan: {
    title: 'Plan',
    label: 'Events: one JSON object for each line, or one JSON array',
    drop: 'Paste events, or drop a file here. Nothing changes.',
    eventType: 'Attribute event_type, for events that do not say what they are',
    run: 'Show the plan',
    planning: 'Planning …',
    tooLong: 'This is longer than 4 million characters: use npx pipeline plan FILE.',
    summary: (events: number, rejected: number, tables: number) =>
      `${plural(events, 'event', 'events')}, ${formatCount(rejected)} rejected, ${plural(tables, 'table', 'tables')}`,
    actions: {
      create: 'would be created',
      change: 'would change',
      unchanged: 'stays as it is',
      unusable: 'cannot be used',
    },
    eventsOf: (count: number) => plural(count, 'event', 'events'),
    held: {
      AWAITING_APPROVAL:
        'New event type: its events go whole to _quarantine (AWAITING_APPROVAL) until a person approves it. Then the table is made as below.',
      TABLE_GUARD:
        'The limit on new tables is reached: its events go whole to _quarantine (TABLE_GUARD). Else the table would be made as below.',
      TYPE_NOT_ALLOWED:
        'New event type, which the contract of the dataset rejects: its events would be dead letters (TYPE_NOT_ALLOWED). Approved, the table is made as below.',
    },
    isHeld: 'would be held',
    columns: (used: number, budget: number) => `${formatCount(used)} of ${formatCount(budget)} columns`,
    full: (
      place: string,
      percent: number,
      { used, limit }: { readonly used: number; readonly limit: number },
    ) =>
      `${place === '' ? 'The table' : place} would be ${percent} % full: ${formatCount(used)} of ${formatCount(limit)}`,
    changes: 'Changes',
    changeHead: { kind: 'Change', path: 'Column', type: 'Type' },
    conflicts: 'Values that would go to _overflow',
    conflictHead: { at: 'Place', reason: 'Reason', count: 'Values', line: 'First line' },
    ddl: 'Statements that do the same',
    rejected: 'Lines that would be dead letters',
    rejectedHead: { line: 'Line', code: 'Reason', detail: 'Why' },
    unplanned: (count: number) =>
      `${plural(count, 'event is', 'events are')} of more tables than one plan takes.`,
    cost: 'Planning and publishing bill nothing but the bytes of the rows.',
  },
  log: {
    title: 'Actions',
    empty: 'No action in this period',
    emptyHint: 'Actions are on the screens Dead letters, Tables, Timeline, Books, Approvals and Plan.',
    summary: (count: number) => plural(count, 'action', 'actions'),
    head: { at: 'Begun', action: 'Action', by: 'By', input: 'Choices', outcome: 'Outcome', detail: 'Result' },
    all: 'Choices, preview and result',
    hidden: (characters: number) => plural(characters, 'character', 'characters'),
    chosen: 'Choices',
    previewed: 'Preview',
    resulted: 'Result',
    open: 'no outcome yet',
    openHint: 'It runs, or was cut off. Every action can be repeated.',
  },
};
