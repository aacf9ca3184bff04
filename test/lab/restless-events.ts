/** The name of the scenario. */
export const RESTLESS = 'restless';
const PRODUCERS = 3;
/** Fields that an event has: the newest. */
const FIELDS_SHOWN = 9;

/** The column that is retyped in the middle of a run, in the table of the first producer. */
export const RETYPED = { table: 'restless_1', column: 'code', type: 'STRING' } as const;

/** The event type, and so the table, of each producer. */
export function restlessTypes(): string[] {
  return Array.from({ length: PRODUCERS }, (_unused, index) => `restless_${index + 1}`);
}

/** A moment of a run: the share of it that is over, from 0 to 1, and the fields that have appeared. */
export interface Moment {
  readonly share: number;
  readonly fields: number;
}

/**
 * Event number `n` of a producer.
 *
 * Its fields appear in the root, in a record and in the records of an array in turn, each of another type. `amount` and numbers of the
 * fields widen, `items.weight` cannot widen in place, `code` is a number that becomes text now and then from a quarter of the run on,
 * and `state` is of another kind with every event.
 */
export function restlessEvent(type: string, n: number, { share, fields }: Moment): object {
  const root: Record<string, unknown> = {};
  const nested: Record<string, unknown> = {};
  const item: Record<string, unknown> = { weight: share > 0.25 && n % 5 === 0 ? n + 0.25 : n };
  const places = [root, nested, item];
  for (let field = Math.max(0, fields - FIELDS_SHOWN); field < fields; field++) {
    const place = places[field % places.length];
    if (place !== undefined) place[`field_${field}`] = valueOf(field, n);
  }
  return {
    event_type: type,
    n,
    code: share > 0.25 && n % 2 === 0 ? `c-${n}` : n,
    amount: share > 0.5 && n % 7 === 0 ? n + 0.5 : n,
    state: [n, `state ${n}`, { of: n }][n % 3],
    ...root,
    nested: { n, ...nested },
    items: [item, { weight: 1 }],
  };
}

/** Text, boolean or number, whole at first. Every eleventh value is of another kind. */
function valueOf(field: number, n: number): unknown {
  if (n % 11 === 10) return { conflict: n };
  const isInArray = field % 3 === 2;
  const kinds = [`value ${n}`, n % 2 === 0, n % 4 === 3 ? n + 0.75 : n];
  // Numbers in an array would retype the whole array with each field.
  return kinds[Math.floor(field / 3) % (isInArray ? 2 : 3)];
}
