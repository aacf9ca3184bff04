import { residentMegabytes } from '../local-cloud/processes.mjs';
import { ROUNDS, median } from '../local-cloud/rounds.mjs';
import { deliverAll, saturate } from './load.mjs';
import { toWire } from './pushes.mjs';
import { call, startProvisionedCloud, startTableManager } from './services.mjs';

const MANY = 2_000;
const FEW = 3;
const COLUMNS = 100;
const PIPELINE_COLUMNS = 6;
const REQUESTS = 2_000;
const CONNECTIONS = 50;
const AMOUNT = 10_000;
const WARM_UP_ROUNDS = 4;
const MEBIBYTE = 1.048576;
const RESIDENT_MIB = 300;
const SPEED_RATIO = 0.9;

/** Memory and speed with 2,000 known tables of 100 columns, beside the same service with 3. */
export async function measureManyTables(log) {
  log(`${MANY} known tables of ${COLUMNS} columns beside ${FEW}`);
  const cloud = await startProvisionedCloud(1);
  // A first process makes the tables; those that are measured meet them as they are, as after a deployment.
  const maker = await startTableManager(cloud, { DELIVERY_MODE: 'dataflow' });
  await learnTables(maker, MANY);
  await maker.stop();
  const many = await startTableManager(cloud, { DELIVERY_MODE: 'dataflow' });
  const few = await startTableManager(cloud, { DELIVERY_MODE: 'dataflow' });
  try {
    await learnTables(many, MANY);
    await learnTables(few, FEW);
    await checkKnown(many, MANY);
    const figures = await race({ many, few });
    return toMeasures(figures, residentMegabytes(many.pid) / MEBIBYTE, residentMegabytes(few.pid) / MEBIBYTE);
  } finally {
    await many.stop();
    await few.stop();
    await cloud.stop();
  }
}

function anEvent(type, index) {
  const event = { event_type: `many_${type}` };
  for (let column = 0; column < COLUMNS - PIPELINE_COLUMNS - 1; column++) {
    event[`column_${column}`] = column % 2 === 0 ? index * column : `text ${index} of column ${column}`;
  }
  return toWire(Buffer.from(JSON.stringify(event)), `many-${type}-${index}`);
}

/** Delivers an event of each of so many types, whose tables have 100 columns. */
export async function learnTables({ port }, types) {
  const wires = Array.from({ length: types }, (_, type) => anEvent(type, 0));
  await deliverAll({ port, wires, connections: 8 });
}

async function checkKnown({ port }, types) {
  const { tables } = await call(port, 'GET', 'tables');
  const known = tables.filter(({ table, columns }) => table.startsWith('many_') && columns === COLUMNS);
  if (known.length !== types) throw new Error(`${known.length} tables of ${types} are known`);
}

async function race(contestants) {
  const wires = {
    many: Array.from({ length: REQUESTS }, (_, index) => anEvent(index % MANY, index)),
    few: Array.from({ length: REQUESTS }, (_, index) => anEvent(index % FEW, index)),
  };
  const order = Object.keys(contestants);
  const figures = { many: [], few: [] };
  for (let round = -WARM_UP_ROUNDS; round < ROUNDS; round++) {
    for (const name of order) {
      const { port, pid } = contestants[name];
      const figure = await saturate({
        port,
        pid,
        wires: wires[name],
        connections: CONNECTIONS,
        amount: AMOUNT,
      });
      if (round >= 0) figures[name].push(figure);
    }
    order.reverse();
  }
  return figures;
}

function toMeasures({ many, few }, manyMib, fewMib) {
  const name = `${MANY} known tables of ${COLUMNS} columns`;
  const peer = { peer: `the same with ${FEW} tables` };
  const ratioOf = (key) => median(many.map((figure, round) => figure[key] / few[round][key]));
  const [rateRatio, cpuRatio] = [ratioOf('rate'), 1 / ratioOf('cpuUs')];
  const target = (ratio) => ({ target: `≥ ${SPEED_RATIO.toFixed(2)} ×`, met: ratio >= SPEED_RATIO });
  return [
    {
      name: `${name}, resident memory after load`,
      value: manyMib,
      unit: 'MiB',
      ...peer,
      ratio: manyMib / fewMib,
      target: `≤ ${RESIDENT_MIB} MiB`,
      met: manyMib <= RESIDENT_MIB,
    },
    {
      name,
      value: median(many.map(({ rate }) => rate)),
      unit: 'requests/s',
      ...peer,
      ratio: rateRatio,
      ...target(rateRatio),
    },
    {
      name: `${name}, by processor time`,
      value: median(many.map(({ cpuUs }) => cpuUs)),
      unit: 'µs/request',
      ...peer,
      ratio: cpuRatio,
      ...target(cpuRatio),
    },
  ];
}
