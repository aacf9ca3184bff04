/** The blocks of a kind in formatted Terraform: name and body, in order. */
export function readBlocks(source, kind) {
  const blocks = source.matchAll(new RegExp(`^${kind} "(\\w+)" \\{\\n([\\s\\S]*?)^\\}`, 'gm'));
  return [...blocks].map(([, name, body]) => ({ name, body }));
}

/** The value of a top-level attribute of a block, on one line; undefined when the block has none. */
function attribute(body, name) {
  const found = new RegExp(`^  ${name} += (.+(?:\\n(?:    .*|  [\\])}]+.*))*)`, 'm').exec(body);
  return found?.[1]
    .split('\n')
    .map((line) => line.trim().replaceAll(/ +/g, ' '))
    .reduce((joined, line) => joined + (/[[({,]$/.test(joined) || /^[\])}]/.test(line) ? '' : ', ') + line)
    .replaceAll(/,(?=[^ ])/g, ', ')
    .replaceAll(/,? *([\])}])/g, '$1');
}

const text = (quoted) => JSON.parse(quoted);
const cell = (words) => words.replaceAll('|', '\\|');
const code = (words) => `\`${cell(words)}\``;

export function toExample(source) {
  return ['```hcl', source.trim(), '```'].join('\n');
}

export function toVariables(blocks) {
  const rows = blocks.map(({ name, body }) => {
    const initial = attribute(body, 'default');
    return `| ${code(name)} | ${cell(text(attribute(body, 'description')))} | ${code(attribute(body, 'type'))} | ${initial === undefined ? 'required' : code(initial)} |`;
  });
  return ['| Variable | What it is | Type | Unless given |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

export function toOutputs(blocks) {
  const rows = blocks.map(
    ({ name, body }) => `| ${code(name)} | ${cell(text(attribute(body, 'description')))} |`,
  );
  return ['| Output | What it is |', '| --- | --- |', ...rows].join('\n');
}
