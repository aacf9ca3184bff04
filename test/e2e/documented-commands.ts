import { globSync, readFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';

/** A command as a page or a help text shows it. */
export interface DocumentedCommand {
  /** The page, or the command whose help it is. */
  readonly source: string;
  /** As a shell reads it: of a block that goes over several lines, all of them. */
  readonly text: string;
}

const ROOT = resolve(import.meta.dirname, '../..');
const PAGES = ['README.md', 'CONTRIBUTING.md', 'docs/*.md', 'apps/*/README.md', 'libs/*/README.md'];

/** The commands of the shell blocks of every page that users read, page by page, in order. */
export function commandsOfPages(): DocumentedCommand[] {
  const files = PAGES.flatMap((pattern) => globSync(pattern, { cwd: ROOT }).sort());
  return files.flatMap((file) => {
    const source = relative(ROOT, resolve(ROOT, file));
    const page = readFileSync(resolve(ROOT, file), 'utf8');
    const blocks = [...page.matchAll(/^( *)```(?:bash|sh)\n([\s\S]*?)^\1```/gm)];
    return blocks.flatMap(([, , block = '']) => splitCommands(block).map((text) => ({ source, text })));
  });
}

/**
 * Divides a block into commands: a line that ends in a backslash, or inside quotes, goes on in the next one. Comments and
 * settings without a command are left out.
 */
export function splitCommands(block: string): string[] {
  const commands: string[] = [];
  let current = '';
  for (const line of block.split('\n')) {
    current += current === '' ? line : `\n${line}`;
    if (line.endsWith('\\') || isInsideQuotes(current)) continue;
    const text = current.trim();
    if (text !== '' && !text.startsWith('#') && !/^\w+=('[^']*'|\S*)$/.test(text)) commands.push(text);
    current = '';
  }
  return commands;
}

function isInsideQuotes(text: string): boolean {
  let quote = '';
  for (let index = 0; index < text.length; index++) {
    const character = text[index] ?? '';
    if (quote === '' && character === '#' && /(^|\s)$/.test(text.slice(0, index))) {
      const end = text.indexOf('\n', index);
      if (end < 0) return false;
      index = end;
    } else if (character === '\\' && quote !== "'") index++;
    else if (quote === '' && (character === "'" || character === '"')) quote = character;
    else if (character === quote) quote = '';
  }
  return quote !== '';
}

/** The commands below `Examples:` in a help text; what follows two spaces explains them. */
export function examplesOf(source: string, help: string): DocumentedCommand[] {
  const [, examples = ''] = /^Examples:\n((?: {2}.*\n)+)/m.exec(help) ?? [];
  return examples
    .split('\n')
    .map((line) => line.trim().replace(/ {2,}\S.*$/, ''))
    .filter((text) => text !== '' && !text.startsWith('#'))
    .map((text) => ({ source, text }));
}

/** The subcommands that a help text lists. */
export function subcommandsOf(help: string): string[] {
  const [, list = ''] = /^Commands:\n((?: {2}.*\n)+)/m.exec(help) ?? [];
  return [...list.matchAll(/^ {2}([a-z][\w-]*)/gm)]
    .map(([, name = '']) => name)
    .filter((name) => name !== 'help');
}

/** The complete commands that an output recommends. */
export function hintsOf(source: string, output: string): DocumentedCommand[] {
  return [...output.matchAll(/npx pipeline [a-z-]+(?: (?:'[^'\n]*'|[^\s,'"]+))*/g)].map(([text]) => ({
    source,
    text: text.replace(/\.$/, ''),
  }));
}
