import { describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { freePort } from '../harness/ports.js';

const PORT_FLAGS = [
  '--pubsub-port',
  '--bigquery-port',
  '--bigquery-storage-port',
  '--storage-port',
  '--eventarc-port',
  '--event-generator-port',
  '--table-manager-port',
  '--console-port',
];

/** Needs a JDK 17 and Maven, and minutes where the job is not built yet: only with E2E_DATAFLOW set. */
const withJava = process.env['E2E_DATAFLOW'] === undefined ? it.skip : it;

describe('npm start -- --delivery dataflow', () => {
  withJava(
    'brings every event into its table through the job',
    async () => {
      const ports: string[] = [];
      for (const flag of PORT_FLAGS) ports.push(flag, String(await freePort()));
      const args = ['start', '--delivery', 'dataflow', '--events', '300', '--seed', '7', '--exit', ...ports];
      const child = spawn(process.execPath, ['apps/cli/dist/main.js', ...args], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let output = '';
      child.stdout.on('data', (chunk: Buffer) => {
        output += chunk.toString();
      });

      const [exitCode] = (await once(child, 'close')) as [number | null];

      expect(output).toContain('300 received, 300 rows, 0 dead letters, 0 in progress, 0 unaccounted');
      expect(exitCode).toBe(0);
    },
    900_000,
  );
});
