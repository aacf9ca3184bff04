import { call, queryRow } from './bigquery-call.mjs';
import { median } from './rounds.mjs';

const WIDE_ROWS = 100_000;
const WIDE_COLUMNS = 2_000;
const WIDE_CHANGES = 60;
const WIDE_VIEWS = 20;
const CHANGE_P95_MS = 50;

const TYPES = 60;
const COLUMNS_PER_TYPE = 200;
const MESSAGES = 500;
const WEBHOOKS_SECONDS = 15;

const MANY_CHANGES = 500;
const QUERY_RATIO = 1.5;

/** Schema changes of BigQuery: their time, what queries cost afterwards, and many types whose messages all differ. */
export async function measureSchemaChanges({ bigqueryPort: port }, log) {
  await call(port, 'POST', 'datasets', { datasetReference: { datasetId: 'changes' } }, [200, 409]);
  log('BigQuery: schema changes of a wide table');
  const wide = await measureWideTable(port);
  log('BigQuery: queries after many schema changes');
  const queries = await measureQueries(port);
  log('BigQuery: messages of many types, each with new columns');
  return [...wide, ...queries, ...(await measureWebhooks(port))];
}

/** Half of the columns at the root, half in records of 50 fields. */
function wideSchema(columns) {
  const fields = [{ name: 'id', type: 'INT64' }];
  for (let index = 0; index < columns / 2; index++) fields.push(stringColumn(`c${index}`));
  for (let record = 0; record < columns / 100; record++) {
    const children = Array.from({ length: 50 }, (_, child) => stringColumn(`f${child}`));
    fields.push({ name: `r${record}`, type: 'RECORD', fields: children });
  }
  return fields;
}

function stringColumn(name) {
  return { name, type: 'STRING', description: `pipeline:{"key":"${name}"}` };
}

async function measureWideTable(port) {
  const fields = wideSchema(WIDE_COLUMNS);
  await createTable(port, 'wide', fields);
  for (let from = 0; from < WIDE_ROWS; from += 5_000) {
    const rows = Array.from({ length: 5_000 }, (_, row) => ({
      json: { id: from + row, c0: 'x', r0: { f0: 'y' } },
    }));
    await call(port, 'POST', 'datasets/changes/tables/wide/insertAll', { rows });
  }
  const times = [];
  for (let change = 0; change < WIDE_CHANGES; change++) {
    if (change % 2 === 0) fields.push(stringColumn(`new${change}`));
    else fields[WIDE_COLUMNS / 2 + 1].fields.push(stringColumn(`new${change}`));
    times.push(await timed(() => patch(port, 'wide', fields)));
  }
  const views = [];
  for (let round = 0; round < WIDE_VIEWS; round++) views.push(await timed(() => replaceView(port, 'wide')));
  times.sort((a, b) => a - b);
  const p95 = times[Math.floor(times.length * 0.95)];
  return [
    {
      name: `schema change at ${WIDE_ROWS} rows and ${WIDE_COLUMNS} columns, median`,
      value: median(times),
      unit: 'ms',
    },
    {
      name: 'the same, p95',
      value: p95,
      unit: 'ms',
      target: `≤ ${CHANGE_P95_MS} ms`,
      met: p95 <= CHANGE_P95_MS,
    },
    { name: `view over ${WIDE_COLUMNS} columns replaced, median`, value: median(views), unit: 'ms' },
  ];
}

/** Two tables with the same columns and rows: one had them from the start, the other by as many changes as rows. */
async function measureQueries(port) {
  const final = [
    { name: 'id', type: 'INT64' },
    { name: 'r', type: 'RECORD', fields: [stringColumn('f')] },
  ];
  await createTable(port, 'changed', final);
  for (let change = 0; change < MANY_CHANGES; change++) {
    if (change % 2 === 0) final.push(stringColumn(`c${change}`));
    else final[1].fields.push(stringColumn(`f${change}`));
    await patch(port, 'changed', final);
    await insertRow(port, 'changed', { id: change, r: { f: 'x' } });
  }
  await createTable(port, 'unchanged', final);
  for (let row = 0; row < MANY_CHANGES; row++) await insertRow(port, 'unchanged', { id: row, r: { f: 'x' } });
  const queries = [
    'SELECT COUNT(*), MAX(id), COUNT(r.f) FROM changes.TABLE',
    'SELECT * FROM changes.TABLE ORDER BY id LIMIT 1',
  ];
  const measures = [];
  for (const [index, query] of queries.entries()) {
    const ratios = [];
    for (let round = 0; round < 9; round++) {
      const unchanged = await timed(() => queryRow(port, query.replace('TABLE', 'unchanged')));
      const changed = await timed(() => queryRow(port, query.replace('TABLE', 'changed')));
      if (round >= 2) ratios.push(changed / unchanged);
    }
    const ratio = median(ratios);
    measures.push({
      name: `${index === 0 ? 'aggregates' : 'all columns'} of a table that changed ${MANY_CHANGES} times, to one that never did`,
      value: ratio,
      unit: '×',
      target: `≤ ${QUERY_RATIO} ×`,
      met: ratio <= QUERY_RATIO,
    });
  }
  return measures;
}

/** Every message adds the columns that its type lacks and stores its row; 8 at a time, as deliveries come. */
async function measureWebhooks(port) {
  const schemas = Array.from({ length: TYPES }, () => [{ name: 'id', type: 'INT64' }]);
  for (const [type, fields] of schemas.entries()) await createTable(port, `hook${type}`, fields);
  const queues = schemas.map(() => Promise.resolve());
  const random = randomOf(7);
  const seconds = await timed(async () => {
    const work = Array.from({ length: MESSAGES }, (_, message) => {
      const type = Math.floor(random() * TYPES);
      const columns = Array.from({ length: 40 }, () => Math.floor(random() * COLUMNS_PER_TYPE));
      queues[type] = queues[type].then(() => deliver(port, type, schemas[type], message, columns));
      return queues[type];
    });
    await Promise.all(work);
  });
  let rows = 0;
  for (let type = 0; type < TYPES; type++) {
    const [count, distinct] = await queryRow(
      port,
      `SELECT COUNT(*), COUNT(DISTINCT id) FROM changes.hook${type}`,
    );
    if (count !== distinct) throw new Error(`hook${type} holds ${count} rows of ${distinct} messages`);
    rows += Number(count);
  }
  if (rows !== MESSAGES) throw new Error(`${rows} rows of ${MESSAGES} messages`);
  return [
    {
      name: `${MESSAGES} messages of ${TYPES} types with ${COLUMNS_PER_TYPE} nested columns each, until all are rows`,
      value: seconds / 1_000,
      unit: 's',
      target: `≤ ${WEBHOOKS_SECONDS} s`,
      met: seconds / 1_000 <= WEBHOOKS_SECONDS,
    },
  ];
}

async function deliver(port, type, fields, id, columns) {
  const row = { id };
  let changed = false;
  for (const column of columns) {
    const path = [`a${column % 5}`, `b${column % 3}`, `c${column}`];
    let [level, value] = [fields, row];
    for (const name of path.slice(0, -1)) {
      let record = level.find((field) => field.name === name);
      if (record === undefined) {
        record = { name, type: 'RECORD', fields: [] };
        level.push(record);
      }
      level = record.fields;
      value = value[name] ??= {};
    }
    if (!level.some((field) => field.name === path[2])) {
      level.push(stringColumn(path[2]));
      changed = true;
    }
    value[path[2]] = `v${id}`;
  }
  const table = `hook${type}`;
  if (changed) {
    await patch(port, table, fields);
    await replaceView(port, table);
  }
  await insertRow(port, table, row);
}

function replaceView(port, table) {
  const query = `SELECT * EXCEPT(copy) FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY id) AS copy FROM changes.${table}) WHERE copy = 1`;
  const view = `CREATE OR REPLACE VIEW changes.${table}_unique AS ${query}`;
  return call(port, 'POST', 'queries', { query: view, useLegacySql: false });
}

async function createTable(port, tableId, fields) {
  await call(port, 'DELETE', `datasets/changes/tables/${tableId}`, undefined, [200, 204, 404]);
  const tableReference = { projectId: 'bench', datasetId: 'changes', tableId };
  await call(port, 'POST', 'datasets/changes/tables', { tableReference, schema: { fields } });
}

function patch(port, tableId, fields) {
  return call(port, 'PATCH', `datasets/changes/tables/${tableId}`, { schema: { fields } });
}

async function insertRow(port, tableId, json) {
  const reply = await call(port, 'POST', `datasets/changes/tables/${tableId}/insertAll`, {
    rows: [{ json }],
  });
  if (reply.insertErrors !== undefined) throw new Error(JSON.stringify(reply.insertErrors[0]));
}

async function timed(task) {
  const startedMs = performance.now();
  await task();
  return performance.now() - startedMs;
}

/** Reproducible numbers in [0, 1). */
function randomOf(seed) {
  let state = seed;
  return () => (state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32) / 2 ** 32;
}
