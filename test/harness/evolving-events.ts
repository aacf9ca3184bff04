import { SCENARIO_ATTRIBUTE } from './gather-evidence.js';

/** Events of three types that gain fields, widen, conflict, and are not JSON now and then. */
const TYPES = ['sensor', 'invoice', 'ticket'] as const;

/** The scenario that every evolving message names. */
export const EVOLVING = 'evolving';

/** Rate at which a stream evolves: `fields` new top-level fields over `count` events. */
export interface Evolution {
  readonly fields: number;
  readonly count: number;
}

/** A message of a stream, with the attributes that {@link judge} reads. */
export interface EvolvingMessage {
  readonly data: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/**
 * Event number `index` of a stream.
 *
 * A new top-level field at every `count / fields` of the way, nested ones and ones of repeated records between; every
 * 13th number needs a wider column, every 31st name is of another kind, every 53rd message is not JSON.
 */
export function evolvingEvent(index: number, { fields, count }: Evolution): object | string {
  if (index % 53 === 52) return `{"event_type":"${typeOf(index)}",`;
  const field = Math.floor((index * fields) / count);
  return {
    event_type: typeOf(index),
    number: index,
    name: index % 31 === 30 ? { first: 'n', last: String(index) } : `name ${index}`,
    amount: index % 13 === 12 ? index + 0.25 : index,
    paid: index % 2 === 0,
    tags: [`tag-${index % 7}`, 'all'],
    customer: { id: `c-${index % 11}`, [`trait_${field % 9}`]: index },
    items: [{ sku: `s-${index}`, [`quality_${field % 5}`]: index % 3 === 0 }, { sku: 'last' }],
    [`field_${field}`]: `value ${index}`,
  };
}

/** The message of an event: text is not JSON and becomes a dead letter, an object becomes a row. */
export function evolvingMessage(event: object | string): EvolvingMessage {
  const isJson = typeof event !== 'string';
  return {
    data: isJson ? JSON.stringify(event) : event,
    attributes: { [SCENARIO_ATTRIBUTE]: EVOLVING, expected: isJson ? 'row' : 'NOT_JSON' },
  };
}

/** The messages `from` to `until` of a stream. */
export function evolvingMessages(evolution: Evolution, from = 0, until = evolution.count): EvolvingMessage[] {
  return Array.from({ length: until - from }, (_unused, offset) =>
    evolvingMessage(evolvingEvent(from + offset, evolution)),
  );
}

function typeOf(index: number): string {
  return TYPES[index % TYPES.length] ?? TYPES[0];
}
