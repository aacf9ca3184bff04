import { afterEach, describe, expect, it } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { fileURLToPath } from 'node:url';

const ENTRY = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const FREE_PORTS = [
  '--pubsub-port',
  '--bigquery-port',
  '--bigquery-storage-port',
  '--storage-port',
  '--eventarc-port',
];

/** The command as a person runs it. */
class Command {
  private readonly child: ChildProcess;
  private text = '';

  constructor(...args: string[]) {
    this.child = spawn(process.execPath, [ENTRY, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        this.text += chunk.toString();
        this.child.emit('text');
      });
    }
  }

  async prints(pattern: RegExp): Promise<string> {
    while (!pattern.test(this.text)) await once(this.child, 'text');
    return this.text;
  }

  async ends(): Promise<{ exitCode: number; text: string }> {
    const [exitCode] = (await once(this.child, 'close')) as [number];
    return { exitCode, text: this.text };
  }

  interrupt(): void {
    this.child.kill('SIGINT');
  }
}

describe('npm run local-cloud', () => {
  let occupier: Server | undefined;

  afterEach(() => {
    occupier?.close();
    occupier = undefined;
  });

  it('starts every service, says where, and stops on Ctrl-C', async () => {
    const command = new Command('--provision', ...FREE_PORTS.flatMap((flag) => [flag, '0']));

    const text = await command.prints(/ready; Ctrl-C stops it/);
    const bigqueryUrl = /BIGQUERY_EMULATOR_HOST=(\S+)/.exec(text)?.[1] ?? '';
    const tables = await fetch(
      `${bigqueryUrl}/bigquery/v2/projects/local-project/datasets/prod_events_dataset/tables`,
    );
    const { tables: listed } = (await tables.json()) as { tables: { tableReference: { tableId: string } }[] };
    command.interrupt();

    expect(listed.map(({ tableReference }) => tableReference.tableId).sort()).toEqual([
      '_actions',
      '_backfills',
      '_dead_letters',
      '_dismissals',
      '_notices',
      '_promotions',
      '_quarantine',
      '_schema_history',
      'dead_letters',
    ]);
    expect((await command.ends()).exitCode).toBe(0);
  });

  it('names a port in use and the option that changes it', async () => {
    occupier = createServer().listen(0, '127.0.0.1');
    await once(occupier, 'listening');
    const { port } = occupier.address() as { port: number };
    const ports = FREE_PORTS.filter((flag) => flag !== '--storage-port').flatMap((flag) => [flag, '0']);

    const { exitCode, text } = await new Command('--storage-port', String(port), ...ports).ends();

    expect(text).toBe(
      `Port ${port} is in use. Stop what listens there, or choose another with --storage-port.\n`,
    );
    expect(exitCode).toBe(1);
  });

  it('refuses a port that is none with exit code 2', async () => {
    const { exitCode, text } = await new Command('--pubsub-port', 'eighty').ends();

    expect(text).toContain('A port is a whole number from 0 to 65535.');
    expect(exitCode).toBe(2);
  });

  it('explains itself', async () => {
    const { exitCode, text } = await new Command('--help').ends();

    expect(text).toContain('--metadata-lag <duration>');
    expect(exitCode).toBe(0);
  });
});
