import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runPipeline, type CommandResult } from './command-line.js';
import { eventually } from './eventually.js';
import { Pipeline } from './pipeline.js';

const ESCAPES = [
  '\u001b[31mEVIL\u001b[0m',
  '\u001b]0;pwn\u0007',
  '\u001b]52;c;cHduZWQ=\u0007',
  '\u009b31m',
  'a\r0 unaccounted',
  'a\n0 unaccounted',
  '\u202egnp.exe',
  '\u2066x\u2069',
  'a\u2028b\u2029c',
  '\u007f\b\u0000',
];
/** Everything that acts on a terminal, or hides text on it, line feeds excepted. */
const DANGEROUS = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\p{Bidi_Control}]/u;
const LIMIT_MS = 300_000;

describe('standard output of every command', () => {
  let pipeline: Pipeline;
  let folder: string;
  let file: string;
  const ids: string[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'terminal-'));
    pipeline = await Pipeline.start();
    await pipeline.startTableManager();
    const events = ESCAPES.flatMap((text) => [
      JSON.stringify({ event_type: `order${text}`, [`k${text}`]: text, n: { [text]: [text] } }),
      JSON.stringify({ event_type: 'evil', [`k${text}`]: text, list: [text, 1] }),
      `{"event_type":"evil", ${text}`,
      `{"event_type":${JSON.stringify(`dup${text}`)},${JSON.stringify(text)}:1,${JSON.stringify(text)}:2}`,
    ]);
    file = join(folder, 'events.ndjson');
    await writeFile(file, events.map((event) => event.replaceAll('\n', ' ')).join('\n'));
    for (const [index, event] of events.entries())
      ids.push(await pipeline.publish(event, { [`name${index}`]: ESCAPES[index % ESCAPES.length] ?? '' }));
    await eventually(async () => {
      const { stdout } = await runPipeline(pipeline.cloud, 'audit', '--json', '--in-progress-seconds', '0');
      const { totals } = JSON.parse(stdout) as { totals: { received: number; unaccounted: number } };
      expect(totals).toMatchObject({ received: events.length, unaccounted: 0 });
    }, LIMIT_MS / 2);
  }, LIMIT_MS);

  afterAll(async () => {
    await pipeline.stop();
    await rm(folder, { recursive: true });
  });

  const commands = (): readonly (readonly string[])[] => [
    ['audit', '--deep'],
    ['audit', '--by', 'hour'],
    ['dead-letters'],
    ['dead-letters', 'list'],
    ...ids.slice(0, 8).flatMap((id) => [
      ['explain', id],
      ['dead-letters', 'show', id],
    ]),
    ['tables'],
    ['tables', 'evil'],
    ['history'],
    ['plan', file],
    ['plan', file, '--offline'],
    ['replay', '--dry-run'],
    ['replay', '--dry-run', '--force'],
    ['backfill', file, '--rate', '1000'],
    ['verify', '--no-files', '--patience', '30'],
    ['tables', `no${ESCAPES[0] ?? ''}such`],
  ];

  it(
    'has no control character but line feeds, as text and as JSON',
    async () => {
      const found: string[] = [];
      let bytes = 0;
      for (const command of commands()) {
        for (const json of [[], ['--json']]) {
          const { stdout, stderr }: CommandResult = await runPipeline(pipeline.cloud, ...command, ...json);
          bytes += stdout.length;
          for (const [name, text] of [
            ['stdout', stdout],
            ['stderr', stderr],
          ] as const) {
            const line = text.split('\n').find((candidate) => DANGEROUS.test(candidate));
            if (line !== undefined)
              found.push(`${command.join(' ')} ${json.join('')} ${name}: ${JSON.stringify(line)}`);
          }
        }
      }

      expect(found).toEqual([]);
      expect(bytes).toBeGreaterThan(10_000);
    },
    2 * LIMIT_MS,
  );

  it('has the payload as its bytes where it is no terminal', async () => {
    const notJson = ids[2] ?? '';

    const { stdout } = await runPipeline(pipeline.cloud, 'dead-letters', 'show', notJson, '--payload');

    expect(stdout).toContain(`{"event_type":"evil", ${ESCAPES[0] ?? ''}`);
  });
});
