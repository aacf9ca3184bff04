import { createRequire } from 'node:module';
import { inferSchema } from './engine.mjs';
import { makeEvents, MATCHING_KINDS } from './fixtures.mjs';
import { pythonPeer } from './python-peer.mjs';
import { race } from './timing.mjs';

const require = createRequire(import.meta.url);
const generateSchema = require('generate-schema');
const genson = require('genson-js');
const versionOf = (name) => require(`${name}/package.json`).version;

const BATCH = 64;
const GENERATE_SCHEMA_TARGET = 2;
const GENSON_TARGET = 3;
const PYTHON_TARGET = 20;

const parse = (bytes) => JSON.parse(bytes.toString());

/** generate-schema looks at one event and joins nothing, so it has the easier task: one schema for each event. */
function generateSchemas(batch) {
  for (const bytes of batch) generateSchema.bigquery(parse(bytes));
}

function gensonSchema(batch) {
  return genson.createCompoundSchema(batch.map(parse));
}

/** Parsing, inference and join of a batch into one new schema, against other inferrers on the same bytes. */
export function measureInference(log) {
  return MATCHING_KINDS.flatMap((kind) => {
    log(`inference: ${kind}`);
    const batch = makeEvents(kind, BATCH);
    const ms = race({
      parse: () => batch.forEach(parse),
      ours: () => inferSchema(batch),
      generateSchema: () => generateSchemas(batch),
      genson: () => gensonSchema(batch),
    });
    const measure = (peer, peerVersion, took, target) => ({
      name: `infer ${kind}`,
      value: (BATCH / ms.ours) * 1_000,
      unit: 'events/s',
      peer,
      peerVersion,
      ratio: took / ms.ours,
      target: `≥ ${target} ×`,
      met: took / ms.ours >= target,
    });
    return [
      {
        name: `infer ${kind}: bare parsing, the most a schema by JSON.parse can reach`,
        value: (BATCH / ms.parse) * 1_000,
        unit: 'events/s',
        peer: 'generate-schema (bigquery)',
        peerVersion: versionOf('generate-schema'),
        ratio: ms.generateSchema / ms.parse,
      },
      measure(
        'generate-schema (bigquery)',
        versionOf('generate-schema'),
        ms.generateSchema,
        GENERATE_SCHEMA_TARGET,
      ),
      measure('genson-js', versionOf('genson-js'), ms.genson, GENSON_TARGET),
      ...measurePython(kind, batch, ms.ours, measure),
    ];
  });
}

function measurePython(kind, batch, ourMs, measure) {
  const python = pythonPeer(batch);
  if (python.kind === 'missing') {
    return [
      {
        name: `infer ${kind}: skipped, ${python.reason}`,
        value: null,
        unit: 'events/s',
        peer: 'bigquery-schema-generator',
      },
    ];
  }
  return [
    measure(
      'bigquery-schema-generator',
      `${python.version}, Python ${python.pythonVersion}`,
      python.ms,
      PYTHON_TARGET,
    ),
  ];
}
