/** stdin: `[{filePath, source}]`; stdout: for each the rules that an import of `source` in `filePath` breaks. */
import { text } from 'node:stream/consumers';
import { ESLint } from 'eslint';
import { parser } from 'typescript-eslint';
import boundaries from './boundaries.config.mjs';

const eslint = new ESLint({
  overrideConfigFile: true,
  overrideConfig: [{ files: ['**/*.ts'], languageOptions: { parser } }, ...boundaries],
});

const findings = [];
for (const { filePath, source } of JSON.parse(await text(process.stdin))) {
  const [result] = await eslint.lintText(`import * as it from '${source}';\nexport { it };\n`, { filePath });
  findings.push((result?.messages ?? []).map(({ ruleId, message }) => ruleId ?? message));
}
console.log(JSON.stringify(findings));
