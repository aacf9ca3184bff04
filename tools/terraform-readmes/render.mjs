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
const code = (words) => `\`${words}\``;

/** One list entry, wrapped at 116 characters so that long defaults stay readable; only code spans of over 80 are split. */
function toEntry(words) {
  const parts = words.match(/(?:`[^`]{0,80}`|[^\s`]|`)+/g) ?? [];
  const lines = [];
  for (const part of parts) {
    const line = lines.at(-1);
    if (line === undefined || line.length + part.length > 115)
      lines.push(`${lines.length === 0 ? '-' : ' '} ${part}`);
    else lines[lines.length - 1] = `${line} ${part}`;
  }
  return lines.join('\n');
}

export function toExample(source) {
  return ['```hcl', source.trim(), '```'].join('\n');
}

/** A list entry per variable: name, type, default or "required", description. */
export function toVariables(blocks) {
  const entries = blocks.map(({ name, body }) => {
    const initial = attribute(body, 'default');
    const origin = initial === undefined ? 'required' : `default ${code(initial)}`;
    return toEntry(
      `${code(name)} (${code(attribute(body, 'type'))}, ${origin}): ${text(attribute(body, 'description'))}`,
    );
  });
  return entries.join('\n');
}

/** A list entry per output: name and description. */
export function toOutputs(blocks) {
  return blocks
    .map(({ name, body }) => toEntry(`${code(name)}: ${text(attribute(body, 'description'))}`))
    .join('\n');
}
