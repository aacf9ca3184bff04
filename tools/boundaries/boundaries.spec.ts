import { describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';

/** Imports that must fail, and their neighbours that must not: an untested boundary is a comment. */
const FORBIDDEN: readonly (readonly [string, string, string])[] = [
  ['a pure library importing an SDK', 'libs/cloudevents/src/x.ts', '@google-cloud/pubsub'],
  ['a pure library importing Nest', 'libs/schema-inference/src/x.ts', '@nestjs/common'],
  ['a pure library doing I/O', 'libs/schema-inference/src/x.ts', 'node:fs'],
  ['a pure library importing a package', 'libs/schema-inference/src/x.ts', 'fast-check'],
  [
    'a pure library importing the other pure library',
    'libs/cloudevents/src/x.ts',
    '@pipeline/schema-inference',
  ],
  ['a pure library importing an adapter', 'libs/schema-inference/src/x.ts', '@pipeline/bigquery-tables'],
  [
    'a library naming an SDK outside its adapter file',
    'libs/bigquery-tables/src/x.ts',
    '@google-cloud/bigquery',
  ],
  ['the platform importing a library', 'libs/platform/src/x.ts', '@pipeline/schema-inference'],
  ['the local cloud importing the pipeline', 'libs/local-cloud/src/x.ts', '@pipeline/schema-inference'],
  ['production code importing testing', 'apps/table-manager/src/x.ts', '@pipeline/testing'],
  ['a service importing the local cloud', 'apps/table-manager/src/x.ts', '@pipeline/local-cloud'],
  [
    'a service naming an SDK outside its adapter file',
    'apps/event-generator/src/x.ts',
    '@google-cloud/pubsub',
  ],
  [
    'a service naming the Pub/Sub client in an adapter file',
    'apps/event-generator/src/x.adapter.ts',
    '@google-cloud/pubsub',
  ],
  ['a library naming the BigQuery client', 'libs/books/src/x.adapter.ts', '@google-cloud/bigquery'],
  [
    'the clients naming an SDK outside their adapter files',
    'libs/google-clients/src/x.ts',
    '@google-cloud/bigquery',
  ],
  ['the books importing how tables change', 'libs/books/src/x.ts', '@pipeline/bigquery-tables'],
  ['the contracts calling BigQuery', 'libs/contracts/src/x.ts', '@pipeline/google-clients'],
  ['the clients importing their users', 'libs/google-clients/src/x.ts', '@pipeline/bigquery-tables'],
  ['an app importing an app', 'apps/table-manager/src/x.ts', '../../event-generator/src/main.js'],
  ['a suite importing a service', 'test/harness/x.ts', '../../apps/table-manager/src/main.js'],
  ['a suite importing a file of the command line', 'test/harness/x.ts', '../../apps/cli/src/start/ports.js'],
  [
    'a deep import into a library',
    'apps/table-manager/src/x.ts',
    '../../../libs/cloudevents/src/parse-push.js',
  ],
];

const ALLOWED: readonly (readonly [string, string, string])[] = [
  ['hashing in a pure library', 'libs/schema-inference/src/x.ts', 'node:crypto'],
  ['an SDK in an adapter file', 'libs/google-clients/src/x.adapter.ts', '@google-cloud/pubsub'],
  [
    'the Storage Write client in an adapter file',
    'libs/bigquery-tables/src/x.adapter.ts',
    '@google-cloud/bigquery-storage',
  ],
  ['the clients in a library', 'libs/books/src/x.ts', '@pipeline/google-clients'],
  ['the Pub/Sub client in a spec', 'apps/event-generator/src/x.spec.ts', '@google-cloud/pubsub'],
  ['a library by its name', 'apps/table-manager/src/x.ts', '@pipeline/schema-inference'],
  ['Nest in an app', 'apps/table-manager/src/x.ts', '@nestjs/common'],
  ['testing in a spec', 'apps/table-manager/src/x.spec.ts', '@pipeline/testing'],
  ['the local cloud in the command line', 'apps/cli/src/x.ts', '@pipeline/local-cloud'],
  ['the command line in the harness', 'test/harness/x.ts', '@pipeline/cli'],
  ['a file of the same library', 'libs/cloudevents/src/x.ts', './parse-push.js'],
];

/** The rooms of schema-inference are values ← schema ← decode ← fit ← plan: the order that these fixtures rely on. */
const DECODE = 'libs/schema-inference/src/decode/x.ts';
const UPWARD: readonly (readonly [string, string, string, string?])[] = [
  ['a room importing a later one', DECODE, '../fit/fit.js'],
  ['a type-only import of a later room', DECODE, '../plan/plan.js', 'import type'],
  ['an export from a later room', DECODE, '../plan/plan.js', 'export'],
  ['a dynamic import of a later room', DECODE, '../plan/plan.js', 'import()'],
  ['a type query of a later room', DECODE, '../plan/plan.js', 'type query'],
  ['a room importing a file beside the rooms', DECODE, '../index.js'],
];

const DOWNWARD: readonly (readonly [string, string, string, string?])[] = [
  ['a room importing an earlier one', DECODE, '../schema/column.js'],
  ['a type-only import of an earlier room', DECODE, '../values/row.js', 'import type'],
  ['a file of the same room', DECODE, './rejection.js'],
  ['a room imported by a file beside the rooms', 'libs/schema-inference/src/x.ts', './plan/plan.js'],
  ['a later room in a spec', 'libs/schema-inference/src/decode/x.spec.ts', '../fit/fit.js'],
];

/** ESLint runs in a process of its own: the plugin loads modules in a way that Jest's module registry refuses. */
function findings(imports: readonly (readonly [string, string, string, string?])[]): string[][] {
  const input = JSON.stringify(
    imports.map(([, filePath, source, statement]) => ({ filePath, source, statement })),
  );
  return JSON.parse(
    execFileSync(process.execPath, ['tools/boundaries/lint-imports.mjs'], { input, encoding: 'utf8' }),
  ) as string[][];
}

describe('import boundaries', () => {
  const found = findings([...FORBIDDEN, ...ALLOWED]);

  it.each(FORBIDDEN.map(([fact], index) => [fact, index] as const))('refuse %s', (_fact, index) => {
    expect(found[index]).toEqual(['boundaries/dependencies']);
  });

  it.each(ALLOWED.map(([fact], index) => [fact, FORBIDDEN.length + index] as const))(
    'let pass %s',
    (_fact, index) => {
      expect(found[index]).toEqual([]);
    },
  );
});

describe('rooms of a library', () => {
  const found = findings([...UPWARD, ...DOWNWARD]);

  it.each(UPWARD.map(([fact], index) => [fact, index] as const))('refuse %s', (_fact, index) => {
    expect(found[index]).toEqual(['rooms/no-upward-import']);
  });

  it.each(DOWNWARD.map(([fact], index) => [fact, UPWARD.length + index] as const))(
    'let pass %s',
    (_fact, index) => {
      expect(found[index]).toEqual([]);
    },
  );

  it('have no upward import anywhere in the repository', () => {
    const printed = execFileSync(process.execPath, ['tools/boundaries/print-rooms.mjs'], {
      encoding: 'utf8',
    });
    expect(printed).toContain('No upward import.');
  });
});
