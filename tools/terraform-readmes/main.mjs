/**
 * Writes the example, the variables and the outputs of each Terraform folder into its README, each
 * between `<!-- generated: NAME -->` and `<!-- /generated -->`. With `--check` it writes nothing and exits 1 when a README
 * would change.
 */
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readBlocks, toExample, toOutputs, toVariables } from './render.mjs';

const ROOT = join(import.meta.dirname, '../../terraform');
const isCheck = process.argv.includes('--check');

const read = (path) => (existsSync(path) ? readFileSync(path, 'utf8') : '');

function renderReadme(folder) {
  const path = join(folder, 'README.md');
  const sections = {
    example: () => toExample(read(join(folder, 'examples/default/main.tf'))),
    variables: () => toVariables(readBlocks(read(join(folder, 'variables.tf')), 'variable')),
    outputs: () => toOutputs(readBlocks(read(join(folder, 'outputs.tf')), 'output')),
  };
  const text = read(path).replaceAll(
    /<!-- generated: (\w+) -->[\s\S]*?<!-- \/generated -->/g,
    (_, name) => `<!-- generated: ${name} -->\n\n${sections[name]()}\n\n<!-- /generated -->`,
  );
  return { path, text };
}

let stale = 0;
for (const versions of globSync('{modules/*,foundation,environment}/versions.tf', { cwd: ROOT }).sort()) {
  const { path, text } = renderReadme(join(ROOT, dirname(versions)));
  if (read(path) === text) continue;
  stale++;
  if (isCheck) console.error(`${path} is out of date; run: node tools/terraform-readmes/main.mjs`);
  else writeFileSync(path, text);
}
process.exitCode = isCheck && stale > 0 ? 1 : 0;
