/**
 * Runs the benchmarks: `npm run bench -- [NAME…] [--json FILE]`. Every folder here with a `bench.mjs` is one; README.md
 * says what such a module exports. Exit codes: 0 all ran, 1 one failed, 2 the command line is wrong.
 */
import { readdirSync, existsSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseCommandLine } from './command-line.mjs';
import { completeMeasure, renderTable } from './measures.mjs';

// Google's authentication library: no benchmark asks for a metadata server, which is not there.
process.env['METADATA_SERVER_DETECTION'] = 'none';

const here = dirname(fileURLToPath(import.meta.url));
const available = readdirSync(here, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && existsSync(join(here, entry.name, 'bench.mjs')))
  .map((entry) => entry.name)
  .sort();

const HELP = `Usage: npm run bench -- [NAME…] [--json FILE]

Runs the named benchmarks, or all: ${available.join(', ')}.

  --json FILE  also write the measures as JSON
  --help       show this text

Absolute figures vary between machines; the ratios to the peers of the same run are what is compared.`;

async function runBench(name) {
  console.error(`bench ${name} …`);
  const module = await import(pathToFileURL(join(here, name, 'bench.mjs')).href);
  const measures = await module.default({ log: (message) => console.error(`  ${message}`) });
  return measures.map((measure) => completeMeasure(name, measure));
}

async function main() {
  const command = parseCommandLine(process.argv.slice(2), available);
  if (command.kind === 'help') {
    console.log(HELP);
    return 0;
  }
  if (command.kind === 'wrong') {
    console.error(`${command.message}\n\n${HELP}`);
    return 2;
  }
  const measures = [];
  let exitCode = 0;
  for (const name of command.names) {
    try {
      measures.push(...(await runBench(name)));
    } catch (error) {
      console.error(`bench ${name} failed:`, error);
      exitCode = 1;
    }
  }
  console.log(renderTable(measures));
  if (command.jsonFile !== null) writeFileSync(command.jsonFile, `${JSON.stringify(measures, null, 2)}\n`);
  return exitCode;
}

process.exitCode = await main();
