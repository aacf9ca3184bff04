import { describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';

/** Imports that must fail, and their neighbours that must not: a boundary nobody tests is a comment. */
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
  ['an app importing an app', 'apps/table-manager/src/x.ts', '../../event-generator/src/main.js'],
  [
    'a deep import into a library',
    'apps/table-manager/src/x.ts',
    '../../../libs/cloudevents/src/parse-push.js',
  ],
];

const ALLOWED: readonly (readonly [string, string, string])[] = [
  ['hashing in a pure library', 'libs/schema-inference/src/x.ts', 'node:crypto'],
  ['an SDK in an adapter file', 'apps/event-generator/src/x.adapter.ts', '@google-cloud/pubsub'],
  ['a library by its name', 'apps/table-manager/src/x.ts', '@pipeline/schema-inference'],
  ['Nest in an app', 'apps/table-manager/src/x.ts', '@nestjs/common'],
  ['testing in a spec', 'apps/table-manager/src/x.spec.ts', '@pipeline/testing'],
  ['the local cloud in the command line', 'apps/cli/src/x.ts', '@pipeline/local-cloud'],
  ['a file of the same library', 'libs/cloudevents/src/x.ts', './parse-push.js'],
];

/** ESLint runs in a process of its own: the plugin loads modules in a way that Jest's module registry refuses. */
function findings(imports: readonly (readonly [string, string, string])[]): string[][] {
  const input = JSON.stringify(imports.map(([, filePath, source]) => ({ filePath, source })));
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
