// Draws docs/images/npm-start.svg: an animated picture of a real run in a terminal.
//
//   node scripts/draw-terminal.mjs [FILE [COMMAND]]
//
// Runs the command in a terminal of 84 columns (`script` of util-linux), keeps a frame for each state of the screen that
// lasts, and writes an SVG whose frames follow one another by CSS. It has no script and loads nothing.
import terminal from '@xterm/headless';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';

const [file = 'docs/images/npm-start.svg', command = 'npm start -- --events 300 --seed 7 --exit'] =
  process.argv.slice(2);
const COLUMNS = 84;
const ROWS = 24;
const CHARACTER_WIDTH = 8.4;
const LINE_HEIGHT = 18;
const PADDING = 14;
const FRAME_MIN_MS = 120;
const FRAME_MAX_MS = 1_500;
const LAST_FRAME_MS = 6_000;

const frames = await record();
writeFileSync(file, draw(frames));
process.stdout.write(`${file}: ${frames.length} frames\n`);

/** Returns the states of the screen, each with the time for which it is shown. */
async function record() {
  const screen = new terminal.Terminal({
    cols: COLUMNS,
    rows: ROWS,
    allowProposedApi: true,
    convertEol: false,
  });
  const prompt = `$ ${command}\r\n`;
  await new Promise((resolve) => screen.write(prompt, resolve));
  const shown = `stty cols ${COLUMNS} rows ${ROWS}; exec ${command.replace(/^npm /, 'npm --silent ')}`;
  const child = spawn('script', ['--quiet', '--flush', '--return', '--command', shown, '/dev/null'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, TERM: 'xterm-256color' },
  });
  const frames = [{ lines: linesOf(screen), atMs: 0 }];
  const startMs = performance.now();
  for await (const chunk of child.stdout) {
    await new Promise((resolve) => screen.write(chunk, resolve));
    const lines = linesOf(screen);
    const atMs = performance.now() - startMs;
    const last = frames.at(-1);
    if (JSON.stringify(lines) === JSON.stringify(last.lines)) continue;
    if (frames.length > 1 && atMs - last.atMs < FRAME_MIN_MS) last.lines = lines;
    else frames.push({ lines, atMs });
  }
  if (child.exitCode === null) await once(child, 'close');
  if (child.exitCode !== 0) throw new Error(`${command} ended with exit code ${child.exitCode}`);
  return frames.map(({ lines, atMs }, index) => ({
    lines,
    forMs:
      index === frames.length - 1 ? LAST_FRAME_MS : Math.min(frames[index + 1].atMs - atMs, FRAME_MAX_MS),
  }));
}

/** Returns the lines of the screen; the name of the temporary folder differs in each run and is left out. */
function linesOf(screen) {
  const buffer = screen.buffer.active;
  const lines = Array.from(
    { length: ROWS },
    (_, row) => buffer.getLine(buffer.viewportY + row)?.translateToString(true) ?? '',
  );
  return lines.filter((line) => !line.startsWith('logs '));
}

function draw(all) {
  const width = Math.ceil(COLUMNS * CHARACTER_WIDTH + 2 * PADDING);
  const rows = Math.max(...all.map(({ lines }) => lines.findLastIndex((line) => line !== '') + 1));
  const height = rows * LINE_HEIGHT + 2 * PADDING;
  const totalMs = all.reduce((sum, { forMs }) => sum + forMs, 0);
  let beginMs = 0;
  const groups = all.map(({ lines, forMs }, index) => {
    const from = percent(beginMs, totalMs);
    beginMs += forMs;
    const to = percent(beginMs, totalMs);
    const end = index === all.length - 1 ? '' : `${to}%{opacity:0}`;
    const texts = lines.map((line, row) => (line === '' ? '' : text(line, row))).join('');
    return {
      style: `@keyframes f${index}{0%{opacity:0}${from}%{opacity:1}${end}}#f${index}{animation:f${index} ${totalMs.toFixed(0)}ms step-end infinite}`,
      body: `<g id="f${index}">${texts}</g>`,
    };
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escape(command)}">
<style>text{font:14px ui-monospace,Menlo,Consolas,monospace;fill:#d6deeb;white-space:pre}.p{fill:#82aaff}g{opacity:0}
${groups.map(({ style }) => style).join('\n')}
@media (prefers-reduced-motion:reduce){g{animation:none!important}#f${all.length - 1}{opacity:1}}</style>
<rect width="100%" height="100%" rx="8" fill="#011627"/>
${groups.map(({ body }) => body).join('\n')}
</svg>
`;
}

function text(line, row) {
  const y = PADDING + (row + 0.8) * LINE_HEIGHT;
  const length = (line.length * CHARACTER_WIDTH).toFixed(1);
  return `<text x="${PADDING}" y="${y.toFixed(1)}" textLength="${length}"${line.startsWith('$ ') ? ' class="p"' : ''}>${escape(line)}</text>`;
}

function percent(ms, totalMs) {
  return ((100 * ms) / totalMs).toFixed(2);
}

function escape(value) {
  return value
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
