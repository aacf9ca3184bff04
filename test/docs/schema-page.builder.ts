/** A fenced block of the page: its words after the fence, its text, and where it is. */
export interface Block {
  readonly info: string;
  readonly text: string;
  readonly line: number;
}

/** A part of the page from one heading to the next. */
export interface Section {
  readonly heading: string;
  readonly blocks: readonly Block[];
}

/** Split a Markdown page into its sections with their fenced blocks. */
export function readSections(page: string): readonly Section[] {
  const sections: { heading: string; blocks: Block[] }[] = [];
  let open: { info: string; lines: string[]; line: number } | null = null;
  for (const [index, line] of page.split('\n').entries()) {
    if (open === null && line.startsWith('#')) {
      sections.push({ heading: line.replace(/^#+ /, ''), blocks: [] });
    } else if (open === null && line.startsWith('```')) {
      open = { info: line.slice(3), lines: [], line: index + 1 };
    } else if (open !== null && line === '```') {
      sections.at(-1)?.blocks.push({ info: open.info, text: open.lines.join('\n'), line: open.line });
      open = null;
    } else open?.lines.push(line);
  }
  return sections;
}

/** The rows of the table under `<!-- checked: NAME -->`, each cell as the texts in its backticks, or its words. */
export function readCheckedTable(page: string, name: string): readonly (readonly (readonly string[])[])[] {
  const lines = page.split('\n');
  const start = lines.indexOf(`<!-- checked: ${name} -->`);
  if (start === -1) throw new Error(`the page has no table checked as ${name}`);
  const isRow = (line: string): boolean => line.startsWith('|');
  const head = start + 1 + lines.slice(start + 1).findIndex(isRow);
  const rest = lines.slice(head + 2);
  const length = rest.findIndex((line) => !isRow(line));
  return rest.slice(0, length).map((row) => row.split('|').slice(1, -1).map(readCell));
}

function readCell(cell: string): readonly string[] {
  const quoted = [...cell.matchAll(/`([^`]+)`/g)].flatMap(([, text]) => (text === undefined ? [] : [text]));
  return quoted.length > 0 ? quoted : [cell.trim()];
}
