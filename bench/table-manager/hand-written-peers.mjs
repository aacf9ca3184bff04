import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startProgram } from '../local-cloud/processes.mjs';
import { DATASET, NODE_OPTIONS, PROJECT } from './services.mjs';

/**
 * The services that a team would write for `direct` mode: decode the push, insert one row with the official client, answer.
 * Neither changes a schema, recognises a duplicate, keeps the digits of long numbers, or writes a dead letter.
 */

const here = (file) => fileURLToPath(new URL(file, import.meta.url));
const PYTHON = process.env['BENCH_PYTHON'] ?? 'python3';
const ENVIRONMENT = here('../../.cache/bench-python');
const versionOf = (name) => createRequire(import.meta.url)(`${name}/package.json`).version;

async function start(command, args, { bigqueryPort }, env) {
  const program = await startProgram(
    command,
    [...args, String(bigqueryPort), PROJECT, DATASET],
    (line) => line.startsWith('listening '),
    env,
  );
  const url = program.lines.find((line) => line.startsWith('listening ')).slice('listening '.length);
  return { ...program, port: Number(new URL(url).port) };
}

/** Installs the Python packages once, into `.cache`. @returns the interpreter, or why there is none */
function pythonWithPackages(log) {
  const interpreter = join(ENVIRONMENT, 'bin', 'python');
  const run = (command, args) => spawnSync(command, args, { encoding: 'utf8', timeout: 300_000 });
  if (!existsSync(interpreter)) {
    log(`installing the packages of bench/table-manager/requirements.txt into ${ENVIRONMENT}`);
    if (run(PYTHON, ['-m', 'venv', ENVIRONMENT]).status !== 0)
      return { reason: `${PYTHON} cannot make a virtual environment` };
  }
  const requirements = here('./requirements.txt');
  const { status, stderr } = run(interpreter, [
    '-m',
    'pip',
    'install',
    '--quiet',
    '--requirement',
    requirements,
  ]);
  if (status !== 0) return { reason: `pip failed: ${String(stderr).trim().split('\n').at(-1)}` };
  return { interpreter };
}

/** @returns the peers that can run here: `{name, version, target, program}`; `program` is null with a `reason` */
export async function startHandWrittenPeers(cloud, log) {
  const { interpreter, reason } = pythonWithPackages(log);
  return [
    {
      name: 'Fastify and table.insert([row])',
      version: versionOf('@google-cloud/bigquery'),
      target: 3,
      program: await start(process.execPath, [here('./fastify-insert.mjs')], cloud, {
        PATH: process.env['PATH'],
        NODE_ENV: 'production',
        NODE_OPTIONS,
        METADATA_SERVER_DETECTION: 'none',
      }),
    },
    {
      name: 'FastAPI and insert_rows_json',
      version: '3.47.0',
      target: 8,
      ...(interpreter === undefined
        ? { program: null, reason }
        : { program: await start(interpreter, [here('./fastapi_insert.py')], cloud, process.env) }),
    },
  ];
}
