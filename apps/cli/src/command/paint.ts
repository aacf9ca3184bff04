import { styleText } from 'node:util';

type Style = 'green' | 'yellow' | 'red';

/** Parts of an output that a person should see first. Applied after everything unprintable was escaped. */
const PAINTED: readonly (readonly [RegExp, Style])[] = [
  [/^ *\+ .*$/gm, 'green'],
  [/^ *~ .*$/gm, 'yellow'],
  [/^ *! .*$/gm, 'red'],
  [/^The books balance: .*$/gm, 'green'],
  [/\b\d+ (?:UNACCOUNTED|ALTERED|ROWS)\b/g, 'red'],
];

/** Colours an output for a terminal. Node leaves it as it is for another stream, and with `NO_COLOR`. */
export function paint(text: string, stream: NodeJS.WriteStream = process.stdout): string {
  return PAINTED.reduce(
    (painted, [pattern, style]) => painted.replace(pattern, (part) => styleText(style, part, { stream })),
    text,
  );
}
