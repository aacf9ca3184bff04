import boundaries from 'eslint-plugin-boundaries';
import rooms from './room-rule.mjs';

/**
 * Allowed imports (docs/CONVENTIONS.md, "Boundaries"). Each rule has its reason; boundaries.spec.ts proves that each works.
 */
const SPECS = ['**/*.{spec,int-spec,e2e-spec,contract,fake,builder}.ts', '**/test/**/*.ts'];

const elements = [
  { type: 'pure-lib', pattern: 'libs/(cloudevents|schema-inference)', capture: ['name'] },
  {
    type: 'adapter-lib',
    pattern: 'libs/(google-clients|bigquery-tables|books|contracts)',
    capture: ['name'],
  },
  { type: 'platform-lib', pattern: 'libs/(platform)', capture: ['name'] },
  { type: 'local-cloud-lib', pattern: 'libs/(local-cloud)', capture: ['name'] },
  { type: 'testing-lib', pattern: 'libs/(testing)', capture: ['name'] },
  { type: 'app', pattern: 'apps/*', capture: ['name'] },
  { type: 'suite', pattern: 'test/*', capture: ['name'] },
];

const to = (...types) => ({ to: { element: { types: { anyOf: types } } } });
const external = (source) => ({ to: { module: { origin: 'external', source } } });
const core = (source) => ({ to: { module: { origin: 'core', source } } });
const from = (type) => ({ element: { type } });

const ownElement = { to: { element: { captured: { name: '{{ from.element.captured.name }}' } } } };

const dependencies = {
  default: 'disallow',
  checkAllOrigins: true,
  message: '{{ from.element.types.[0] }} may not import this: see docs/CONVENTIONS.md, "Boundaries".',
  policies: [
    { allow: ownElement },
    // Pure code can be read, tested and rewritten in another language without knowing anything of the world.
    { from: from('pure-lib'), allow: [core('node:crypto'), core('node:buffer'), core('node:zlib')] },
    {
      from: from('adapter-lib'),
      allow: [to('pure-lib', 'platform-lib'), external('*'), external('@*/*'), core('*')],
    },
    // Everything that calls Google Cloud shares one set of clients, one error and one retry policy.
    {
      from: { element: { type: 'adapter-lib', captured: { name: '(bigquery-tables|books)' } } },
      allow: { to: { element: { type: 'adapter-lib', captured: { name: 'google-clients' } } } },
    },
    { from: from('platform-lib'), allow: [external('*'), external('@*/*'), core('*')] },
    // The local cloud knows the clouds it emulates and nothing of the pipeline; otherwise it would prove nothing.
    { from: from('local-cloud-lib'), allow: [external('*'), external('@*/*'), core('*')] },
    {
      from: from('testing-lib'),
      allow: [
        to('pure-lib', 'adapter-lib', 'platform-lib', 'local-cloud-lib'),
        external('*'),
        external('@*/*'),
        core('*'),
      ],
    },
    {
      from: from('app'),
      allow: [to('pure-lib', 'adapter-lib', 'platform-lib'), external('*'), external('@*/*'), core('*')],
    },
    // npm start runs the local cloud; the services themselves must not know that it exists.
    { from: { element: { type: 'app', captured: { name: 'cli' } } }, allow: to('local-cloud-lib') },
    // The harness runs the processes of npm start; services are started, not imported.
    {
      from: from('suite'),
      allow: {
        to: { element: { type: 'app', captured: { name: 'cli' }, fileInternalPath: 'src/index.ts' } },
      },
    },
    // A vendor's SDK is named in one file, so that a change of client is a change of one file.
    {
      from: { file: { path: '!**/*.adapter.ts' } },
      disallow: { to: { module: { origin: 'external', source: '@google-cloud/*' } } },
    },
    {
      from: { element: { types: { anyOf: ['pure-lib', 'platform-lib'] } } },
      disallow: { to: { module: { origin: 'external', source: '@google-cloud/*' } } },
    },
    // google-clients is the only part of the pipeline that names the clients of BigQuery and Pub/Sub.
    {
      from: {
        element: {
          types: { anyOf: ['adapter-lib', 'testing-lib', 'app'] },
          captured: { name: '!google-clients' },
        },
      },
      disallow: {
        to: { module: { origin: 'external', source: '@google-cloud/(bigquery|pubsub)' } },
      },
    },
    // Specs may use what production code may not.
    {
      from: { file: { categories: 'spec' } },
      allow: [
        to('pure-lib', 'adapter-lib', 'platform-lib', 'local-cloud-lib', 'testing-lib', 'suite'),
        external('*'),
        external('@*/*'),
        core('*'),
      ],
    },
    // A library is its src/index.ts; what it does not export is its own business.
    {
      disallow: {
        to: {
          element: {
            types: { anyOf: ['pure-lib', 'adapter-lib', 'platform-lib', 'local-cloud-lib', 'testing-lib'] },
            captured: { name: '!{{ from.element.captured.name }}' },
            fileInternalPath: '!src/index.ts',
          },
        },
      },
    },
  ],
};

export default [
  {
    files: ['apps/**/*.ts', 'libs/**/*.ts', 'test/**/*.ts'],
    plugins: { boundaries, rooms },
    settings: {
      'import/resolver': {
        typescript: {
          project: 'tsconfig.spec.json',
          conditionNames: ['source', 'import', 'node', 'default'],
        },
      },
      'boundaries/elements': elements,
      'boundaries/files': [{ category: 'spec', pattern: SPECS }],
    },
    rules: { 'boundaries/dependencies': ['error', dependencies], 'rooms/no-upward-import': 'error' },
  },
];
