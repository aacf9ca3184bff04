import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ExportFile } from './export-file.js';

const line = (id: string): string => `{"message_id":"${id}","event":{"n":1}}`;

describe('ExportFile', () => {
  let folder: string;
  let path: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'export-'));
    path = join(folder, 'letters.ndjson');
  });

  afterEach(() => rm(folder, { recursive: true }));

  it('goes on where an interrupted export stopped, whose last line is cut off', async () => {
    const first = await ExportFile.open(path);
    await first.append('1', line('1'));
    await first.append('2', line('2'));
    await first.close();
    await appendFile(path, line('3').slice(0, 9));

    const second = await ExportFile.open(path);
    expect([second.has('1'), second.has('2'), second.has('3'), second.size]).toEqual([true, true, false, 2]);
    await second.append('3', line('3'));
    await second.close();

    expect(await readFile(path, 'utf8')).toBe(`${['1', '2', '3'].map(line).join('\n')}\n`);
  });
});
