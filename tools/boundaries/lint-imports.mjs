/**
 * stdin: `[{filePath, source, statement}]`; stdout: for each the rules that an import of `source` in `filePath` breaks.
 * `statement` is `import` (default), `import type`, `export`, `import()` or `type query`.
 */
import { text } from 'node:stream/consumers';
import { ESLint } from 'eslint';
import { parser } from 'typescript-eslint';
import boundaries from './boundaries.config.mjs';

const eslint = new ESLint({
  overrideConfigFile: true,
  overrideConfig: [{ files: ['**/*.ts'], languageOptions: { parser } }, ...boundaries],
});

const STATEMENTS = {
  import: (source) => `import * as it from '${source}';\nexport { it };\n`,
  'import type': (source) => `import type { It } from '${source}';\nexport type Its = It[];\n`,
  export: (source) => `export * from '${source}';\n`,
  'import()': (source) => `export const it = import('${source}');\n`,
  'type query': (source) => `export type It = import('${source}').It;\n`,
};

const findings = [];
for (const { filePath, source, statement = 'import' } of JSON.parse(await text(process.stdin))) {
  const [result] = await eslint.lintText(STATEMENTS[statement](source), { filePath });
  findings.push((result?.messages ?? []).map(({ ruleId, message }) => ruleId ?? message));
}
console.log(JSON.stringify(findings));
