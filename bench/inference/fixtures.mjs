/** Events as bytes, the same on every run: five kinds, each as many different events as asked for. */

/** Park–Miller: small, and the same everywhere. */
function seeded(seed) {
  let state = seed;
  return (below) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
}

const pick = (random, words) => words[random(words.length)];
const two = (number) => String(number).padStart(2, '0');
const day = (random) => `2024-${two(1 + random(12))}-${two(1 + random(28))}`;
const moment = (random) => `${day(random)}T${two(random(24))}:${two(random(60))}:${two(random(60))}Z`;
const money = (random) => (1 + random(100_000)) / 100;

function order(random) {
  const items = Array.from({ length: 1 + random(4) }, () => ({
    product_id: `prod-${random(1_000)}`,
    product_name: `${pick(random, ['Sleek', 'Rustic', 'Small'])} ${pick(random, ['chair', 'lamp', 'table'])}`,
    quantity: 1 + random(5),
    unit_price: money(random),
  }));
  return {
    event_type: 'order',
    order_id: `order-${random(1_000_000)}`,
    customer_id: `customer-${random(100_000)}`,
    order_date: moment(random),
    status: pick(random, ['pending', 'paid', 'shipped', 'delivered']),
    items,
    total_amount: money(random),
    currency: pick(random, ['USD', 'EUR', 'GBP']),
    event_date: day(random),
  };
}

function inventory(random) {
  return {
    event_type: 'inventory',
    inventory_id: `inv-${random(1_000_000)}`,
    product_id: `prod-${random(1_000)}`,
    quantity_change: random(200) - 100,
    warehouse_id: pick(random, ['wh-us-central', 'wh-eu-west', 'wh-asia-east']),
    reason: pick(random, ['sale', 'restock', 'return', 'damage']),
    timestamp: moment(random),
    event_date: day(random),
  };
}

function userActivity(random) {
  return {
    event_type: 'user_activity',
    user_id: `user-${random(100_000)}`,
    session_id: `sess-${random(1_000_000)}`,
    activity_type: pick(random, ['page_view', 'click', 'search', 'login']),
    page_url: `/products/prod-${random(1_000)}`,
    timestamp: moment(random),
    event_date: day(random),
  };
}

/** 200 fields of every scalar type. */
function wide(random) {
  const event = { event_type: 'wide' };
  for (let index = 0; index < 40; index++) {
    event[`name_${index}`] = `value ${random(10_000)} of a text of usual length`;
    event[`count_${index}`] = random(1_000_000);
    event[`price_${index}`] = money(random);
    event[`active_${index}`] = random(2) === 1;
    event[`seen_at_${index}`] = moment(random);
  }
  return event;
}

/** About 8 KB: records in arrays of records in arrays of records. */
function deep(random) {
  const reading = () => ({
    at: moment(random),
    value: money(random),
    unit: pick(random, ['C', 'hPa', '%']),
    ok: random(9) > 0,
  });
  const device = () => ({
    device_id: `dev-${random(100_000)}`,
    location: { site: `site-${random(50)}`, floor: random(9), point: { x: money(random), y: money(random) } },
    readings: Array.from({ length: 7 }, reading),
    tags: ['indoor', 'calibrated', `batch-${random(100)}`],
  });
  const gateway = () => ({
    gateway_id: `gw-${random(1_000)}`,
    devices: Array.from({ length: 4 }, device),
    uptime_s: random(1_000_000),
  });
  return {
    event_type: 'deep',
    report_id: `rep-${random(1_000_000)}`,
    gateways: Array.from({ length: 3 }, gateway),
  };
}

/** Orders whose amounts have more digits than a double keeps: every one of them takes the exact path. */
function exact(random) {
  const event = order(random);
  const digits = () => String(100_000_000 + random(899_999_999));
  const text = JSON.stringify({ ...event, ledger_id: 0, precise_amount: 0 });
  return text
    .replace('"ledger_id":0', `"ledger_id":1${digits()}${digits()}`)
    .replace('"precise_amount":0', `"precise_amount":1.${digits()}${digits()}`);
}

const KINDS = { order, inventory, user_activity: userActivity, wide, deep, exact };

/** `count` different events of one kind, each as the bytes of its JSON text. */
export function makeEvents(kind, count) {
  const random = seeded(20_240_115);
  return Array.from({ length: count }, () => {
    const event = KINDS[kind](random);
    return Buffer.from(typeof event === 'string' ? event : JSON.stringify(event));
  });
}

export const MATCHING_KINDS = ['order', 'inventory', 'user_activity', 'wide', 'deep'];
