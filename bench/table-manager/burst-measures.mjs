import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { PubSub } from '@google-cloud/pubsub';
import {
  call,
  DATASET,
  PROJECT,
  TOPIC,
  query,
  startProvisionedCloud,
  startTableManager,
} from './services.mjs';

const EVENTS = 20_000;
const FIELDS = 50;
const REPLICAS = 4;
const MAX_UPDATES = 40;
const PATIENCE_MS = 300_000;
const POLL_MS = 250;
const SHAPES = {
  // Every field turns up within the first moments, in each replica.
  mixed: (index) => `field_${index % FIELDS}`,
  // A field more at every fiftieth of the way: the table grows as long as the burst goes on.
  'one after another': (index) => `field_${Math.floor((index * FIELDS) / EVENTS)}`,
};

/** A burst of one new type with new fields, from Pub/Sub to four replicas. */
export async function measureBurst(log) {
  const measures = [];
  for (const [shape, fieldOf] of Object.entries(SHAPES)) {
    log(`burst of ${EVENTS} events with ${FIELDS} new fields, ${shape}, to ${REPLICAS} replicas`);
    measures.push(...(await burst(shape, fieldOf)));
  }
  return measures;
}

async function burst(shape, fieldOf) {
  const balancer = await Balancer.start();
  const cloud = await startProvisionedCloud(balancer.port, ['--verbose']);
  const replicas = [];
  try {
    await call(cloud.bigqueryPort, 'PUT', 'admin/metadata-rate-limit', { enabled: true });
    for (let replica = 0; replica < REPLICAS; replica++) {
      replicas.push(await startTableManager(cloud, { DELIVERY_MODE: 'direct' }));
    }
    balancer.ports = replicas.map(({ port }) => port);
    const seconds = await run(cloud, fieldOf);
    return toMeasures(shape, seconds, await audit(cloud, fieldOf), countUpdates(cloud.lines));
  } finally {
    await Promise.all(replicas.map((replica) => replica.stop()));
    await balancer.stop();
    await cloud.stop();
  }
}

/** @returns seconds from the first publish to the last row */
async function run(cloud, fieldOf) {
  const pubsub = new PubSub({
    projectId: PROJECT,
    apiEndpoint: `127.0.0.1:${cloud.pubsubPort}`,
    emulatorMode: true,
  });
  const topic = pubsub.topic(TOPIC, { batching: { maxMessages: 100, maxMilliseconds: 10 } });
  const start = performance.now();
  await Promise.all(
    Array.from({ length: EVENTS }, (_, index) => {
      const event = { event_type: 'burst', number: index, [fieldOf(index)]: index };
      return topic.publishMessage({ data: Buffer.from(JSON.stringify(event)) });
    }),
  );
  try {
    for (;;) {
      const [[stored]] = await query(
        cloud,
        `SELECT COUNT(DISTINCT _message_id) FROM \`${DATASET}.burst\``,
      ).catch(() => [['0']]);
      if (Number(stored) === EVENTS) return (performance.now() - start) / 1000;
      if (performance.now() - start > PATIENCE_MS) throw new Error(`${stored} rows of ${EVENTS} in time`);
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  } finally {
    await pubsub.close();
  }
}

/** Rows whose value is in its column, and rows with an overflow, by the unique view's idea of a row. */
async function audit(cloud, fieldOf) {
  const table = `\`${DATASET}.burst\``;
  const fields = [...new Set(Array.from({ length: EVENTS }, (_, index) => fieldOf(index)))];
  const sums = fields.map((field) => `COUNT(DISTINCT IF(${field} = number, number, NULL))`);
  const [[overflowed, ...counts]] = await query(
    cloud,
    `SELECT COUNT(_overflow), ${sums.join(', ')} FROM ${table}`,
  );
  return {
    overflowed: Number(overflowed),
    inColumns: counts.reduce((sum, count) => sum + Number(count), 0),
  };
}

/** Counts the metadata requests of the table in the local cloud's request log. */
function countUpdates(lines) {
  const ofTable = lines.filter((line) => /\/tables\/burst$/.test(line) && / (PATCH|PUT) /.test(line));
  const statusOf = (line) => / (?:PATCH|PUT) +(\d{3}) /.exec(line)?.[1];
  return {
    updates: 1 + ofTable.filter((line) => statusOf(line) === '200').length, // the first made the table
    refused: ofTable.filter((line) => statusOf(line) === '403').length,
  };
}

function toMeasures(shape, seconds, { overflowed, inColumns }, { updates, refused }) {
  const name = `burst, fields ${shape}`;
  return [
    { name: `${name}: first publish to last row`, value: seconds, unit: 's' },
    {
      name: `${name}: metadata updates`,
      value: updates,
      unit: 'updates',
      target: `≤ ${MAX_UPDATES}`,
      met: updates <= MAX_UPDATES,
    },
    {
      name: `${name}: updates refused by the rate limit`,
      value: refused,
      unit: 'updates',
      target: '0',
      met: refused === 0,
    },
    {
      name: `${name}: values in their columns`,
      value: inColumns,
      unit: 'rows',
      target: String(EVENTS),
      met: inColumns === EVENTS && overflowed === 0,
    },
  ];
}

/** Gives each connection to the next replica, as Cloud Run does with instances. */
class Balancer {
  ports = [];
  #next = 0;
  #sockets = new Set();
  #server = createServer((incoming) => {
    const outgoing = connect(this.ports[this.#next++ % this.ports.length], '127.0.0.1');
    for (const socket of [incoming, outgoing]) {
      this.#sockets.add(socket);
      socket.on('error', () => undefined); // 'close' follows and reports it
      socket.on('close', () => {
        this.#sockets.delete(socket);
        incoming.destroy();
        outgoing.destroy();
      });
    }
    incoming.pipe(outgoing).pipe(incoming);
  });

  static async start() {
    const balancer = new Balancer();
    balancer.#server.listen(0, '127.0.0.1');
    await once(balancer.#server, 'listening');
    return balancer;
  }

  get port() {
    return this.#server.address().port;
  }

  async stop() {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
