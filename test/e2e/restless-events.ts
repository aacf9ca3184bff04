/** Events of three types that grow, widen, conflict and now and then cannot be read. */

const TYPES = ['sensor', 'invoice', 'ticket'] as const;

/** Fields that turn up one after another, whatever the number of events. */
export interface Restlessness {
  readonly fields: number;
  readonly count: number;
}

/**
 * Event number `index` of a stream.
 *
 * A new top-level field at every `count / fields` of the way, nested ones and ones of repeated records between; every
 * 13th number needs a wider column, every 31st name is of another kind, every 53rd message is no JSON.
 */
export function restlessEvent(index: number, { fields, count }: Restlessness): object | string {
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

function typeOf(index: number): string {
  return TYPES[index % TYPES.length] ?? TYPES[0];
}

/** A stream of `count` such events. */
export function restlessEvents(
  restlessness: Restlessness,
  from = 0,
  until = restlessness.count,
): (object | string)[] {
  return Array.from({ length: until - from }, (_unused, offset) =>
    restlessEvent(from + offset, restlessness),
  );
}
