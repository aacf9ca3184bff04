import { availableParallelism } from 'node:os';

process.env.TZ = 'UTC';
// Google's authentication library: no test waits for a metadata server that is not there.
process.env.METADATA_SERVER_DETECTION = 'none';

/** One configuration for every suite: the suffix of a file says what it may touch (see docs/CONVENTIONS.md). */
export default {
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['source', 'node', 'node-addons'] },
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2022',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
        },
        module: { type: 'es6' },
      },
    ],
  },
  testMatch: ['**/*.spec.ts', '**/*.int-spec.ts', '**/*.e2e-spec.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/', '<rootDir>/.cache/'],
  modulePathIgnorePatterns: ['/dist/', '<rootDir>/.cache/'],
  // One suite a core; each end-to-end suite starts processes of its own, so no more than four.
  maxWorkers: Math.min(availableParallelism(), 4),
  // Ends a test that hangs. How fast a machine is decides nothing.
  testTimeout: 300_000,
};
