import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { startLocalCloud, startProgram } from '../local-cloud/processes.mjs';

export const PROJECT = 'local-project';
export const DATASET = 'prod_events_dataset';
export const TOPIC = 'backend-events-topic';
const MAIN = fileURLToPath(new URL('../../apps/table-manager/dist/main.js', import.meta.url));
const DOCKERFILE = new URL('../../docker/table-manager.Dockerfile', import.meta.url);
const BARE_FASTIFY = fileURLToPath(new URL('./bare-fastify.mjs', import.meta.url));
const BARE_NEST = fileURLToPath(new URL('./bare-nest.mjs', import.meta.url));

const readUrl = ({ lines }, pattern) => lines.map((line) => pattern.exec(line)?.[1]).find(Boolean);

/** Node's options as the image of table-manager has them; its peers get the same. */
export const NODE_OPTIONS = /NODE_OPTIONS="?(--[^"\n]+?)"?(?: \\)?\n/.exec(
  readFileSync(DOCKERFILE, 'utf8'),
)[1];

/** The inspector is closed until SIGUSR1; then it takes a free port. */
const INSPECTABLE = `${NODE_OPTIONS} --inspect-port=127.0.0.1:0`;

async function startBare(file) {
  const env = { PATH: process.env['PATH'], NODE_ENV: 'production', NODE_OPTIONS: INSPECTABLE };
  const isReady = (line) => line.startsWith('listening ');
  const program = await startProgram(process.execPath, [file], isReady, env);
  const url = readUrl(program, /^listening (\S+)/);
  return { ...program, url, port: Number(new URL(url).port) };
}

export const startBareFastify = () => startBare(BARE_FASTIFY);
export const startBareNest = () => startBare(BARE_NEST);

/** table-manager as it is run in production, on a local cloud; its settings are the defaults but for `settings`. */
export async function startTableManager(cloud, settings = {}, main = MAIN) {
  const env = {
    PATH: process.env['PATH'],
    NODE_ENV: 'production',
    NODE_OPTIONS: INSPECTABLE,
    HOST: '127.0.0.1',
    PORT: '0',
    METADATA_SERVER_DETECTION: 'none',
    GCP_PROJECT_ID: PROJECT,
    DATASET,
    PUBSUB_EMULATOR_HOST: `127.0.0.1:${cloud.pubsubPort}`,
    BIGQUERY_EMULATOR_HOST: `http://127.0.0.1:${cloud.bigqueryPort}`,
    BIGQUERY_STORAGE_EMULATOR_HOST: `127.0.0.1:${cloud.storageWritePort}`,
    ...settings,
  };
  const program = await startProgram(process.execPath, [main], (line) => line.includes('"listening"'), env);
  const url = readUrl(program, /"url":"(http[^"]+)"/);
  return { ...program, url, port: Number(new URL(url).port) };
}

/** The local cloud with the pipeline's resources; events of the topic are delivered to `eventsPort` of this machine. */
export async function startProvisionedCloud(eventsPort, options = []) {
  return startLocalCloud(['--provision', '--events-url', `http://127.0.0.1:${eventsPort}/`, ...options]);
}

/** Rows of a query on the embedded BigQuery, values as text. */
export async function query({ bigqueryPort }, sql) {
  const reply = await call(bigqueryPort, 'POST', `bigquery/v2/projects/${PROJECT}/queries`, {
    query: sql,
    useLegacySql: false,
  });
  return (reply.rows ?? []).map(({ f }) => f.map(({ v }) => v));
}

/** Rows that a table has; 0 where there is no table. */
export async function countRows(cloud, table) {
  const [[isThere]] = await query(
    cloud,
    `SELECT COUNT(*) FROM \`${DATASET}\`.INFORMATION_SCHEMA.TABLES WHERE table_name = '${table}'`,
  );
  if (isThere === '0') return 0;
  const [[rows]] = await query(cloud, `SELECT COUNT(*) FROM \`${DATASET}.${table}\``);
  return Number(rows);
}

export async function call(port, method, path, body) {
  const response = await fetch(`http://127.0.0.1:${port}/${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return text === '' ? {} : JSON.parse(text);
}
