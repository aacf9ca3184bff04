import type { Faker } from '@faker-js/faker';
import { inTurn, rowMessage, type Scenario } from './scenario.js';

const SENDERS = ['shop', 'billing', 'mail', 'chat', 'repository', 'calendar'] as const;
const ACTIONS = [
  'created',
  'updated',
  'deleted',
  'approved',
  'rejected',
  'paid',
  'refunded',
  'assigned',
  'commented',
  'archived',
] as const;

/** Records of a payload, each at its depth: `data.object.customer.contact` has the fields of a contact. */
const RECORDS = [
  'account',
  'object.customer',
  'object.customer.contact',
  'object.customer.contact.address',
  'object.customer.contact.address.geo',
  'object.billing',
  'object.billing.card',
  'object.billing.card.issuer',
  'object.shipping',
  'object.shipping.carrier',
  'object.shipping.carrier.rate',
  'object.shipping.carrier.rate.tax',
  'object.discount',
  'object.discount.coupon',
  'previous',
  'previous.state',
  'request',
  'request.client',
  'request.client.device',
  'links',
] as const;
const FIELDS = [
  'id',
  'name',
  'amount',
  'currency',
  'count',
  'enabled',
  'created_at',
  'status',
  'ratio',
  'note',
] as const;

const TYPES = SENDERS.length * ACTIONS.length;
const COLUMNS = RECORDS.length * FIELDS.length;
const FIELDS_PER_MESSAGE = 40;

type Tree = { [key: string]: unknown };

/** Webhooks of many senders: each type has its own table of 200 nested columns, of which a message brings some. */
export const webhooks: Scenario = {
  name: 'webhooks',
  summary: `${TYPES} event types of ${COLUMNS} nested fields to seven levels; each message has ${FIELDS_PER_MESSAGE} of them, in random order.`,
  outcome: 'A table for each type, a column for each field, and every value in it.',
  messageAt(faker) {
    const type = faker.number.int({ max: TYPES - 1 });
    const sender = inTurn(SENDERS, Math.floor(type / ACTIONS.length));
    const event: Tree = {
      event_type: `webhook.${sender}.${inTurn(ACTIONS, type)}`,
      delivery_id: faker.string.uuid(),
    };
    const places = Array.from({ length: COLUMNS }, (_, place) => place);
    for (const place of faker.helpers.arrayElements(places, FIELDS_PER_MESSAGE)) {
      const field = inTurn(FIELDS, place);
      const record = inTurn(RECORDS, Math.floor(place / FIELDS.length));
      recordAt(event, ['data', ...record.split('.')])[field] = valueOf(field, faker);
    }
    return rowMessage(JSON.stringify(event));
  },
};

function recordAt(event: Tree, path: readonly string[]): Tree {
  return path.reduce<Tree>((record, key) => (record[key] ??= {}) as Tree, event);
}

function valueOf(field: (typeof FIELDS)[number], faker: Faker): unknown {
  switch (field) {
    case 'amount':
    case 'count':
      return faker.number.int({ max: 100_000 });
    case 'ratio':
      // Never whole, so that the column is NUMERIC from its first value.
      return faker.number.int({ max: 99 }) + 0.5;
    case 'enabled':
      return faker.datatype.boolean();
    case 'created_at':
      return new Date(Date.UTC(2026, 0, 1) + faker.number.int({ max: 86_400_000 })).toISOString();
    case 'id':
    case 'name':
    case 'currency':
    case 'status':
    case 'note':
      return faker.string.alpha(8);
  }
}
