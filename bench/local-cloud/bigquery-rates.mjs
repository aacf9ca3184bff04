import { AppendRowsStream } from './append-rows-stream.mjs';
import { call } from './bigquery-call.mjs';
import { inParallel, ratePerSecond } from './rounds.mjs';

const ROWS = 20_000;
const BATCH = 500;
const WIDTH = 4;
const SCHEMA = {
  fields: [
    { name: 'id', type: 'INT64' },
    { name: 'event_type', type: 'STRING' },
    { name: 'text', type: 'STRING' },
  ],
};

/** Rows per second of tabledata.insertAll, 500 rows a request, four requests at a time. */
export async function measureInsertAll({ bigqueryPort }) {
  const table = await createTable(bigqueryPort, 'insert_all');
  const rate = await ratePerSecond(ROWS, () =>
    inParallel(ROWS / BATCH, WIDTH, async (request) => {
      const rows = Array.from({ length: BATCH }, (_, row) => ({ json: toRow(request * BATCH + row) }));
      const reply = await call(bigqueryPort, 'POST', `${table}/insertAll`, { rows });
      if (reply.insertErrors !== undefined) throw new Error(JSON.stringify(reply.insertErrors[0]));
    }),
  );
  await checkCount(bigqueryPort, 'insert_all');
  return { rate };
}

/** Rows per second of AppendRows on the default stream, 500 rows a request; null with the reason where it is not served. */
export async function measureAppendRows({ bigqueryPort, storageWritePort }) {
  if (storageWritePort === 0) return { rate: null, reason: 'Storage Write is not served' };
  await createTable(bigqueryPort, 'append_rows');
  const stream = new AppendRowsStream(`127.0.0.1:${storageWritePort}`, toStreamName('append_rows'));
  try {
    const rate = await ratePerSecond(ROWS, async () => {
      const answers = [];
      for (let from = 0; from < ROWS; from += BATCH) {
        answers.push(stream.append(Array.from({ length: BATCH }, (_, row) => toRow(from + row))));
      }
      await Promise.all(answers);
    });
    await checkCount(bigqueryPort, 'append_rows');
    return { rate };
  } finally {
    stream.close();
  }
}

function toStreamName(table) {
  return `projects/bench/datasets/bench/tables/${table}/streams/_default`;
}

function toRow(id) {
  return { id, event_type: 'order', text: `row ${id} ${'x'.repeat(200)}` };
}

async function createTable(port, tableId) {
  const datasetReference = { projectId: 'bench', datasetId: 'bench' };
  await call(port, 'POST', 'datasets', { datasetReference }, [200, 409]);
  await call(port, 'DELETE', `datasets/bench/tables/${tableId}`, undefined, [200, 204, 404]);
  const tableReference = { ...datasetReference, tableId };
  await call(port, 'POST', 'datasets/bench/tables', { tableReference, schema: SCHEMA });
  return `datasets/bench/tables/${tableId}`;
}

/** A fast answer that lost rows is no rate. */
async function checkCount(port, tableId) {
  const query = `SELECT COUNT(*) AS stored FROM bench.${tableId}`;
  const reply = await call(port, 'POST', 'queries', { query, useLegacySql: false });
  const stored = Number(reply.rows[0].f[0].v);
  if (stored !== ROWS) throw new Error(`${tableId} holds ${stored} rows instead of ${ROWS}`);
}
